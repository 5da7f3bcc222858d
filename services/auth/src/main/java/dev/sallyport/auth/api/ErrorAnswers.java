package dev.sallyport.auth.api;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.ErrorBody;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.store.StoreException;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what went wrong into an answer. What a caller may know stands in [ControlException];
/// anything else is logged here and answered without its text.
final class ErrorAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);

  private ErrorAnswers() {}

  static ControlException of(Exception e) {
    if (e instanceof ControlException known) {
      return known;
    }
    if (e instanceof HttpResponseException http) {
      return new ControlException(ErrorKind.ofStatus(http.getStatus()), "no such route", http);
    }
    if (e instanceof StoreException) {
      LOG.atError().setCause(e).log("state store failed");
      return new ControlException(
          ErrorKind.UNAVAILABLE, "the Auth Service can't use its state now, see its log", e);
    }
    LOG.atError().setCause(e).log("call failed");
    return new ControlException(ErrorKind.INTERNAL, "the Auth Service failed, see its log", e);
  }

  static void answer(Context context, ControlException e) {
    context
        .status(e.kind().status())
        .contentType("application/json")
        .result(ControlJson.bytes(ErrorBody.of(e)));
  }
}
