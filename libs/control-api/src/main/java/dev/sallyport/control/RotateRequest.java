package dev.sallyport.control;

import java.time.Duration;
import java.util.Optional;

/// Begins a change of an authority's key, or goes on with one.
///
/// @param type `host` or `user`
/// @param mode `manual` or `auto`
/// @param phase to go to; absent in mode auto: begin
/// @param gracePeriod in which all phases follow by themselves; absent: 48 h. Mode auto only
public record RotateRequest(
    String type, String mode, Optional<String> phase, Optional<Duration> gracePeriod) {}
