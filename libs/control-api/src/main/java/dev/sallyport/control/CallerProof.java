package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.util.Optional;

/// The parts of a signed `GetCallerIdentity` request that only the host can make. Everything else
/// of the request is made by the Auth Service itself ([CallerIdentityCall]).
///
/// @param challenge that was given to the host
/// @param accessKeyId of the credentials that signed
/// @param date `X-Amz-Date`
/// @param sessionToken of temporary credentials
/// @param signature 64 hex digits
public record CallerProof(
    String challenge,
    String accessKeyId,
    String date,
    Optional<Secret> sessionToken,
    String signature) {}
