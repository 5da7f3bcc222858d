package dev.sallyport.control.host;

import dev.sallyport.control.CallerProof;
import dev.sallyport.control.JoinDoor;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import java.io.IOException;
import java.security.PublicKey;
import java.util.Optional;

/// How this host shows that it may join. Asked only when it has to, and again at each try.
public interface JoinProof {
  /// What is shown.
  ///
  /// @param token the token's name: a secret only if nothing else is shown
  record Shown(Secret token, Optional<CallerProof> iam, Optional<Secret> ec2) {
    /// A secret token.
    public static Shown secret(Secret token) {
      return new Shown(token, Optional.empty(), Optional.empty());
    }

    /// A signature for AWS.
    public static Shown caller(String token, CallerProof proof) {
      return new Shown(Secret.of(token), Optional.of(proof), Optional.empty());
    }

    /// An instance's identity document.
    public static Shown instance(String token, Secret document) {
      return new Shown(Secret.of(token), Optional.empty(), Optional.of(document));
    }
  }

  /// Makes it.
  ///
  /// @param door where the host is about to join
  /// @param key that is to be certified
  /// @throws IOException if the host has nothing to show; the message says what is missing
  /// @throws dev.sallyport.control.ControlException if the cluster refuses already now
  Shown show(JoinDoor door, PublicKey key) throws IOException;

  /// What an operator reads when the cluster does not take it.
  ///
  /// @param role that the host wanted
  String hint(SystemRole role);
}
