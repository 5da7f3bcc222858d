package dev.sallyport.auth.api;

import dev.sallyport.auth.access.Access;
import io.javalin.http.HandlerType;
import java.util.Optional;

/// One line of the table: what is asked, who may ask, what is done.
///
/// @param changes whether it changes something, which is refused while nothing can be audited
record RouteEntry(HandlerType method, String path, Access access, boolean changes, Work work) {
  /// Does the call and gives what is to be answered as JSON; empty for an answer without a body, or
  /// one that was streamed.
  interface Work {
    Optional<Object> run(Call call) throws Exception;
  }

  static RouteEntry read(HandlerType method, String path, Access access, Work work) {
    return new RouteEntry(method, path, access, false, work);
  }

  static RouteEntry change(HandlerType method, String path, Access access, Work work) {
    return new RouteEntry(method, path, access, true, work);
  }
}
