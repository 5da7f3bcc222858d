package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.util.Optional;

/// A host's wish to join as it sends it to the Proxy's public door.
///
/// @param role wire name of the system role
/// @param publicKey PEM of the key made on the host
/// @param iam with join method `iam`: the signature for AWS
/// @param ec2 with join method `ec2`: the instance's identity document with AWS's signature
public record WebJoinRequest(
    Secret token,
    String role,
    String publicKey,
    Optional<String> hostId,
    String nodeName,
    Optional<CallerProof> iam,
    Optional<Secret> ec2) {
  /// By a secret token.
  public WebJoinRequest(
      Secret token, String role, String publicKey, Optional<String> hostId, String nodeName) {
    this(token, role, publicKey, hostId, nodeName, Optional.empty(), Optional.empty());
  }

  /// The same as it is passed on.
  ///
  /// @param clientAddress where the host is
  public JoinRequest from(String clientAddress) {
    return new JoinRequest(token, role, publicKey, hostId, nodeName, clientAddress, iam, ec2);
  }
}
