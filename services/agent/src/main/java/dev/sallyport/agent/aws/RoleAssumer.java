package dev.sallyport.agent.aws;

/// Turns a session's description into credentials. Blocks; called on virtual threads only.
@FunctionalInterface
public interface RoleAssumer {
  /// Asks AWS. Never throws for what AWS or the network does.
  CredentialOutcome assume(RoleSession session);
}
