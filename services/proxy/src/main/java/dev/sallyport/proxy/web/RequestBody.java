package dev.sallyport.proxy.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.util.Locale;
import org.eclipse.jetty.http.HttpException;

/// Reads what a client posted, within bounds.
final class RequestBody {
  /// The largest body that any route takes.
  static final int BYTES_MAX = 64 * 1024;

  private RequestBody() {}

  /// The whole body, which must be declared as this media type: a form of another site can't
  /// declare JSON.
  ///
  /// @throws BadRequest when it is another one, too large, cut off or broken
  static byte[] read(Context context, String mediaType) {
    var declared = context.contentType();
    if (declared == null
        || !declared.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(mediaType)) {
      throw new BadRequest("the content type must be " + mediaType);
    }
    try {
      byte[] body = context.bodyInputStream().readNBytes(BYTES_MAX + 1);
      if (body.length > BYTES_MAX) {
        throw new BadRequest("the request is longer than " + BYTES_MAX + " bytes");
      }
      return body;
    } catch (IOException e) {
      throw new BadRequest("the request's body is broken or came too slowly");
    } catch (RuntimeException e) {
      if (e instanceof HttpException) {
        throw new BadRequest("the request's body is broken or came too slowly");
      }
      throw e;
    }
  }
}
