package dev.sallyport.control;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a second factor has to answer. For a sign-in it looks alike for every name, so it tells
/// nobody who exists: a name without keys gets a key that nobody has.
///
/// @param id to be sent back with a key's answer; good for one use
/// @param required whether it goes without; if not, those who registered no device leave it out
/// @param totp whether a code from an app is taken
/// @param webauthn `PublicKeyCredentialRequestOptions` as JSON, for
///   `PublicKeyCredential.parseRequestOptionsFromJSON`; absent when keys are not taken
/// @param expires from when on it is not taken
public record MfaChallenge(
    String id, boolean required, boolean totp, Optional<JsonNode> webauthn, Instant expires) {
  /// Takes an absent node for none.
  public MfaChallenge {
    webauthn = webauthn.filter(JsonNode::isObject);
  }
}
