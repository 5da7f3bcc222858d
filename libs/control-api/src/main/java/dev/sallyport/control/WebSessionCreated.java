package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.time.Instant;

/// A browser is signed in.
///
/// @param session what the browser must show; Auth keeps only its hash
/// @param expires when the session ends at the latest
public record WebSessionCreated(Secret session, String user, Instant expires) {}
