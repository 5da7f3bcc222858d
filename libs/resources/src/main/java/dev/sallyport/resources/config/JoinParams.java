package dev.sallyport.resources.config;

import dev.sallyport.model.JoinMethod;
import java.util.Objects;

/// How this host joins.
///
/// @param token with method `token` the secret, or a file with it; else the token's name
public record JoinParams(JoinMethod method, TokenSource token) {
  public JoinParams {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(token, "token");
  }

  /// The same by another method.
  public JoinParams withMethod(JoinMethod other) {
    return new JoinParams(other, token);
  }

  /// The same with another token.
  public JoinParams withToken(TokenSource other) {
    return new JoinParams(method, other);
  }
}
