package dev.sallyport.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What users prove beside their password.
public enum SecondFactor {
  /// A code from an app, RFC 6238.
  OTP("otp"),
  /// A key or passkey.
  WEBAUTHN("webauthn"),
  /// The sign-in service once more.
  SSO("sso");

  private final String wireName;

  SecondFactor(String wireName) {
    this.wireName = wireName;
  }

  /// The spelling in documents.
  public String wireName() {
    return wireName;
  }

  public static Optional<SecondFactor> parse(String text) {
    var name = text.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(factor -> factor.wireName.equals(name)).findFirst();
  }
}
