package dev.sallyport.tsh.localproxy;

import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.dynamodb.DynamoDbError;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/// The tunnel's own answers, which a client's SDK shows as DynamoDB's errors.
final class LocalAnswers {
  static final int UNAVAILABLE = 503;
  private static final int METHOD_NOT_ALLOWED = 405;

  private LocalAnswers() {}

  /// A request that is no proper one, with the status that HTTP has for it.
  static DynamoDbError invalid(int status, String message) {
    return new DynamoDbError(status, DynamoDbError.validation("").type(), message);
  }

  /// A request that comes from where none may come; browsers must see it fail.
  static DynamoDbError forbidden(String message) {
    return new DynamoDbError(403, DynamoDbError.accessDenied("").type(), message);
  }

  static DynamoDbError bodyTooLarge() {
    return invalid(
        413,
        "the request body is larger than the "
            + LocalProxyLimits.BODY_BYTES_MAX
            + " bytes that this tunnel takes");
  }

  static void write(ChannelHandlerContext context, DynamoDbError error, boolean close) {
    var answer = error.answer(AwsService.DYNAMODB, UUID.randomUUID().toString());
    write(context, answer.status(), answer.headers(), answer.body(), close);
  }

  static void writeHealthy(ChannelHandlerContext context, boolean close) {
    var body = "{\"status\":\"ok\"}".getBytes(StandardCharsets.US_ASCII);
    var headers =
        Map.of("Content-Type", "application/json", "Content-Length", Integer.toString(body.length));
    write(context, 200, headers, body, close);
  }

  private static void write(
      ChannelHandlerContext context,
      int status,
      Map<String, String> headers,
      byte[] body,
      boolean close) {
    var out = context.alloc().ioBuffer(512 + body.length);
    var reason = HttpResponseStatus.valueOf(status).reasonPhrase();
    HttpHeads.write(out, "HTTP/1.1 " + status + " " + reason + "\r\n");
    HttpHeads.line(out, "Server", "sallyport-tsh");
    headers.forEach((name, value) -> HttpHeads.line(out, name, value));
    if (status == METHOD_NOT_ALLOWED) {
      HttpHeads.line(out, "Allow", "POST");
    }
    if (close) {
      HttpHeads.line(out, "Connection", "close");
    }
    HttpHeads.write(out, "\r\n");
    out.writeBytes(body);
    context.writeAndFlush(out, context.voidPromise());
  }
}
