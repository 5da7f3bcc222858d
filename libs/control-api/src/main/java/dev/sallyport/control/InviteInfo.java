package dev.sallyport.control;

import java.time.Instant;

/// What the page behind a link needs to know.
///
/// @param kind `invite` or `reset`
public record InviteInfo(String user, String kind, Instant expires) {}
