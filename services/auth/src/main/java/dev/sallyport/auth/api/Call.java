package dev.sallyport.auth.api;

import dev.sallyport.auth.access.Caller;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Kind;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Optional;

/// One admitted call: who, and the parts of the request a route may look at.
final class Call {
  private static final int BODY_MAX = ControlJson.MAX_BODY;
  private static final int SHOWN_MAX = 64;

  private final Caller caller;
  private final Context context;

  Call(Caller caller, Context context) {
    this.caller = caller;
    this.context = context;
  }

  Caller caller() {
    return caller;
  }

  /// The HTTP exchange, for routes that stream.
  Context context() {
    return context;
  }

  /// A part of the path.
  String path(String name) {
    return context.pathParam(name);
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(context.queryParam(name));
  }

  /// A query value that must be there.
  String required(String name) {
    return query(name)
        .filter(value -> !value.isEmpty())
        .orElseThrow(() -> new ControlException(ErrorKind.BAD_PARAMETER, name + " is missing"));
  }

  /// A query flag: absent, `true` or `false`.
  boolean flag(String name) {
    return switch (query(name).orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new ControlException(ErrorKind.BAD_PARAMETER, name + " must be true or false");
    };
  }

  /// The kind of resources in the path.
  Kind kind() {
    var name = path("kind");
    return Kind.parse(name)
        .orElseThrow(() ->
            new ControlException(
                ErrorKind.BAD_PARAMETER,
                "resources of type \"%s\" are not supported"
                    .formatted(name.substring(0, Math.min(SHOWN_MAX, name.length())))));
  }

  /// The body as one of the contract's records.
  <T> T body(Class<T> type) {
    return ControlJson.request(bytes(), type);
  }

  /// The body, within the limit whether or not its length was told.
  byte[] bytes() {
    try (var in = context.req().getInputStream()) {
      var bytes = in.readNBytes(BODY_MAX + 1);
      if (bytes.length > BODY_MAX) {
        throw new ControlException(
            ErrorKind.LIMIT_EXCEEDED, "the request is longer than " + BODY_MAX + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "the request ended early", e);
    }
  }
}
