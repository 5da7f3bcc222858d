package dev.sallyport.auth.login;

import dev.sallyport.auth.mfa.FactorAnswer;
import dev.sallyport.model.Secret;

/// A try to sign in.
///
/// @param user the claimed name; empty, with an empty password, for a passkey alone
/// @param address where it came from, as the Proxy saw it
public record Attempt(String user, Secret password, FactorAnswer factor, String address) {
  /// Whether a passkey alone shall be enough.
  boolean passwordless() {
    return user.isEmpty() && password.reveal().isEmpty() && factor instanceof FactorAnswer.Signed;
  }

  @Override
  public String toString() {
    return "Attempt[redacted]";
  }
}
