package dev.sallyport.control;

import dev.sallyport.model.Secret;

/// Changes the calling user's own password. Their sessions of the web UI end by it.
///
/// @param current the password that they have
/// @param next the one that takes its place
/// @param proof a registered second factor; nothing if there is none
public record ChangePasswordRequest(Secret current, Secret next, MfaProof proof) {}
