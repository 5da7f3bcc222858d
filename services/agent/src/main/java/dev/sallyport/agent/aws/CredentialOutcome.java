package dev.sallyport.agent.aws;

import dev.sallyport.sigv4.SigningCredentials;

/// What came of asking for credentials of a [RoleSession].
public sealed interface CredentialOutcome {
  /// Credentials of the user's role.
  ///
  /// @param session whose they are
  record Ready(RoleSession session, SigningCredentials credentials) implements CredentialOutcome {}

  /// AWS says no and will say so again until somebody changes a policy.
  ///
  /// @param hint for the user and the log: who refused whom, and what to change
  record Refused(String hint) implements CredentialOutcome {}

  /// STS could not be asked, or could not answer; asking again may help.
  record Unavailable(String reason) implements CredentialOutcome {}

  /// The agent has no AWS credentials of its own, or AWS does not take them.
  ///
  /// @param hint what the operator of the agent has to set
  record NoAgentCredentials(String hint) implements CredentialOutcome {}
}
