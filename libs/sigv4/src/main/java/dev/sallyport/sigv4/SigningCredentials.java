package dev.sallyport.sigv4;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// AWS credentials to sign with. Printing shows the access key id only.
///
/// @param accessKeyId the public half, such as `ASIA...`; letters and digits
/// @param secretKey the secret half
/// @param sessionToken the token of temporary credentials; it is signed and sent along
/// @param expires when AWS stops taking them; absent for long-lived keys
public record SigningCredentials(
    String accessKeyId,
    SecretKeyBytes secretKey,
    Optional<String> sessionToken,
    Optional<Instant> expires) {

  /// Refuses an access key id that would not survive inside an Authorization header.
  public SigningCredentials {
    Objects.requireNonNull(accessKeyId, "accessKeyId");
    Objects.requireNonNull(secretKey, "secretKey");
    Objects.requireNonNull(sessionToken, "sessionToken");
    Objects.requireNonNull(expires, "expires");
    if (accessKeyId.isEmpty() || !accessKeyId.chars().allMatch(SigningCredentials::isIdCharacter)) {
      throw new IllegalArgumentException("access key id: must be letters, digits or '_'");
    }
    if (sessionToken.isPresent() && sessionToken.get().isEmpty()) {
      throw new IllegalArgumentException("session token: empty (expected: absent or some text)");
    }
  }

  /// Long-lived keys: no session token, no end.
  public static SigningCredentials of(String accessKeyId, SecretKeyBytes secretKey) {
    return new SigningCredentials(accessKeyId, secretKey, Optional.empty(), Optional.empty());
  }

  /// Whether AWS would still take them at this time.
  public boolean usableAt(Instant now) {
    return expires.isEmpty() || now.isBefore(expires.get());
  }

  private static boolean isIdCharacter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  @Override
  public String toString() {
    return "SigningCredentials["
        + accessKeyId
        + expires.map(end -> ", until " + end).orElse("")
        + "]";
  }
}
