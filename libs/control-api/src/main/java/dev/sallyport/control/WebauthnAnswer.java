package dev.sallyport.control;

import tools.jackson.databind.JsonNode;

/// A key's answer to a challenge.
///
/// @param challengeId the [MfaChallenge]'s id
/// @param credential what `navigator.credentials.get` gave, as `PublicKeyCredential.toJSON()`
public record WebauthnAnswer(String challengeId, JsonNode credential) {}
