package dev.sallyport.control;

import dev.sallyport.model.Secret;

/// Ends a web session: its certificates are worth nothing from then on.
public record EndWebSessionRequest(Secret session, String clientAddress) {}
