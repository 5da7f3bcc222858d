package dev.sallyport.control;

import dev.sallyport.model.Secret;

/// What a tool finds in the sealed answer when a browser confirmed a second factor (for a sign-in
/// it is a [LoginResult]).
///
/// @param ticket for [MfaProof], good for one use within two minutes
public record ConsoleFactor(Secret ticket) {}
