package dev.sallyport.control;

import dev.sallyport.model.Secret;

/// Sets the password behind a link, which ends by it.
///
/// @param clientAddress where it came from, as the Proxy saw it
public record SetPasswordRequest(Secret password, String clientAddress) {}
