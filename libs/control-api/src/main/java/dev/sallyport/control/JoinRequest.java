package dev.sallyport.control;

import dev.sallyport.model.JoinMethod;
import dev.sallyport.model.Secret;
import java.util.Optional;

/// A host asks to become a part of the cluster, as the Proxy passes it on.
///
/// @param role wire name of the system role
/// @param publicKey PEM of the key made on the host
/// @param hostId of a host that joins again
/// @param iam with join method `iam`: the signature for AWS
/// @param ec2 with join method `ec2`: the instance's identity document with AWS's signature
public record JoinRequest(
    Secret token,
    String role,
    String publicKey,
    Optional<String> hostId,
    String nodeName,
    String clientAddress,
    Optional<CallerProof> iam,
    Optional<Secret> ec2) {
  /// By a secret token.
  public JoinRequest(
      Secret token,
      String role,
      String publicKey,
      Optional<String> hostId,
      String nodeName,
      String clientAddress) {
    this(
        token,
        role,
        publicKey,
        hostId,
        nodeName,
        clientAddress,
        Optional.empty(),
        Optional.empty());
  }

  /// How the host wants to show that it may.
  public JoinMethod method() {
    if (iam.isPresent()) {
      return JoinMethod.IAM;
    }
    return ec2.isPresent() ? JoinMethod.EC2 : JoinMethod.TOKEN;
  }
}
