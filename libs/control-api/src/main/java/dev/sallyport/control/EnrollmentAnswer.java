package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The answer of a device that is being registered: by exactly one of the last two.
///
/// @param id the [Enrollment]'s id
/// @param deviceName what the user calls the device: 1 to 64 characters, unique among theirs
/// @param totpCode six digits from the app
/// @param webauthn what `navigator.credentials.create` gave, as `PublicKeyCredential.toJSON()`
public record EnrollmentAnswer(
    String id, String deviceName, Optional<Secret> totpCode, Optional<JsonNode> webauthn) {
  /// Takes an absent node for none.
  public EnrollmentAnswer {
    webauthn = webauthn.filter(JsonNode::isObject);
  }
}
