package dev.sallyport.auth.mfa;

import dev.sallyport.control.WebauthnAnswer;
import dev.sallyport.model.Secret;
import java.util.Optional;

/// What somebody gave as a second factor: nothing, a code, or a key's answer.
public sealed interface FactorAnswer {
  /// Nothing.
  record None() implements FactorAnswer {}

  /// A code from an app.
  record Code(Secret code) implements FactorAnswer {}

  /// A key's answer.
  record Signed(WebauthnAnswer answer) implements FactorAnswer {}

  /// More than one: which shall count is not ours to say.
  record Ambiguous() implements FactorAnswer {}

  /// Of the two fields of a request.
  static FactorAnswer of(Optional<Secret> code, Optional<WebauthnAnswer> signed) {
    var given = code.filter(text -> !text.reveal().isEmpty());
    if (given.isPresent()) {
      return signed.isPresent() ? new Ambiguous() : new Code(given.get());
    }
    return signed.<FactorAnswer>map(Signed::new).orElseGet(None::new);
  }
}
