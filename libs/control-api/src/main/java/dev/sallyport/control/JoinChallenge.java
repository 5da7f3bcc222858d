package dev.sallyport.control;

import java.time.Instant;

/// What a host has to sign.
///
/// @param challenge goes into the signed request; good once
/// @param host that the request is signed for: STS, as the Auth Service will dial it
/// @param region of the signature
/// @param expires when the challenge is not good any more
public record JoinChallenge(String challenge, String host, String region, Instant expires) {}
