package dev.sallyport.proxy.web;

import dev.sallyport.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a new password must be, for the page to say before the Auth Service does. The Auth Service
/// decides.
final class PasswordRules {
  /// Shorter passwords are refused.
  static final int CHARACTERS_MIN = 12;

  /// Longer ones too: what is hashed must be bounded.
  static final int BYTES_MAX = 128;

  private PasswordRules() {}

  /// What is wrong with a password typed twice, in words for the user; empty when nothing is.
  static List<String> faults(Secret password, Secret confirmation) {
    var faults = new ArrayList<String>();
    var text = password.reveal();
    if (text.isEmpty()) {
      return List.of("Type a password.");
    }
    if (text.codePointCount(0, text.length()) < CHARACTERS_MIN) {
      faults.add("The password needs at least " + CHARACTERS_MIN + " characters.");
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      faults.add("The password may have at most " + BYTES_MAX + " bytes.");
    }
    if (!password.equals(confirmation)) {
      faults.add("The two passwords differ.");
    }
    return List.copyOf(faults);
  }
}
