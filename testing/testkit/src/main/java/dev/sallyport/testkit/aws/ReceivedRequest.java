package dev.sallyport.testkit.aws;

import java.time.Instant;
import java.util.Optional;

/// A request that reached the gate, for assertions.
///
/// @param at when it was whole
/// @param request exactly what came
/// @param caller who signed it; empty when it was refused
/// @param refusal the exception's name; empty when it was let through
public record ReceivedRequest(
    Instant at, WireRequest request, Optional<AccessKey> caller, Optional<String> refusal) {

  /// The operation's name, or nothing.
  public String operation() {
    String target = request.only("X-Amz-Target").orElse("");
    return target.substring(target.indexOf('.') + 1);
  }
}
