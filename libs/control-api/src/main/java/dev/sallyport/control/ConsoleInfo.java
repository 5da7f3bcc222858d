package dev.sallyport.control;

import java.time.Instant;
import java.util.Optional;

/// What a page must show before somebody approves: who asks, from where, for what.
///
/// @param kind `login` gives the tool a login; `mfa` confirms a second factor of `user`
/// @param user who is expected; absent means whoever signs in
/// @param client what the tool says of itself, unproven
/// @param address where the tool's request came from, as a Proxy saw it
public record ConsoleInfo(
    String kind,
    Optional<String> user,
    ConsoleStart.ConsoleClient client,
    String address,
    Instant requested,
    Instant expires) {}
