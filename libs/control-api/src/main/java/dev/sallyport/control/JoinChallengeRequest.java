package dev.sallyport.control;

/// A host that AWS knows asks what to sign, to join by a token of method `iam`.
///
/// @param token its name, which is no secret
/// @param publicKey PEM of the key made on the host, which alone the answer will be good for
/// @param region of AWS whose STS is to be asked
public record JoinChallengeRequest(String token, String publicKey, String region) {}
