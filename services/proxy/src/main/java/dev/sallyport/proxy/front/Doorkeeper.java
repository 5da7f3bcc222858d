package dev.sallyport.proxy.front;

import dev.sallyport.pki.IdentityVerifier;

/// What every door needs to know of those who come.
///
/// @param verifier checks their certificates once more, for the identity in them
/// @param lockout keeps the locked out
/// @param refusals hears of those who proved nothing
record Doorkeeper(IdentityVerifier verifier, Lockout lockout, Refusals refusals) {}
