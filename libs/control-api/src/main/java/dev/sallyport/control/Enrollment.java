package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A device that is being registered. It counts once it has answered.
///
/// @param id to be sent back with the device's answer; good for one use
/// @param expires from when on it is not taken
/// @param totp what an app needs to know
/// @param webauthn `PublicKeyCredentialCreationOptions` as JSON, for
///   `PublicKeyCredential.parseCreationOptionsFromJSON`
public record Enrollment(
    String id, Instant expires, Optional<Totp> totp, Optional<JsonNode> webauthn) {
  /// Takes an absent node for none.
  public Enrollment {
    webauthn = webauthn.filter(JsonNode::isObject);
  }

  /// A new code generator.
  ///
  /// @param url `otpauth://totp/…`, to be shown as a QR code
  /// @param secret the same secret in Base32, to be typed
  public record Totp(Secret url, Secret secret) {}
}
