package dev.sallyport.tsh.localproxy;

import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.dynamodb.DynamoDbError;
import dev.sallyport.dynamodb.DynamoDbTarget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The tunnel's own answers, which a client's SDK shows as DynamoDB's errors.
final class LocalAnswers {
  static final int UNAVAILABLE = 503;
  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
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

  /// What a request asks for, as far as it tells; DynamoDB where it does not.
  static AwsService service(@Nullable RequestHead head) {
    var targets = head == null ? List.<String>of() : head.all("x-amz-target");
    return switch (DynamoDbTarget.parse(targets.size() == 1 ? targets.getFirst() : null)) {
      case DynamoDbTarget.Known known -> known.operation().service();
      case DynamoDbTarget.UnknownOperation unknown -> unknown.service();
      case DynamoDbTarget.Unrecognized _ -> AwsService.DYNAMODB;
    };
  }

  /// @param service whose clients shall understand it
  /// @param grant header lines that let an allowed web page read it; mostly empty
  static void write(
      ChannelHandlerContext context,
      DynamoDbError error,
      AwsService service,
      String grant,
      boolean close) {
    var answer = error.answer(service, UUID.randomUUID().toString());
    write(
        context,
        answer.body(),
        out -> {
          status(out, answer.status());
          answer.headers().forEach((name, value) -> HttpHeads.line(out, name, value));
          if (answer.status() == METHOD_NOT_ALLOWED) {
            HttpHeads.line(out, "Allow", "POST");
          }
          HttpHeads.write(out, grant);
        },
        close);
  }

  static void writeHealthy(ChannelHandlerContext context, boolean close) {
    var body = "{\"status\":\"ok\"}".getBytes(StandardCharsets.US_ASCII);
    write(
        context,
        body,
        out -> {
          status(out, OK);
          HttpHeads.line(out, "Content-Type", "application/json");
          HttpHeads.line(out, "Content-Length", Integer.toString(body.length));
        },
        close);
  }

  /// Tells a browser that a page may go on.
  static void writePreflight(ChannelHandlerContext context, String grant, boolean close) {
    write(
        context,
        new byte[0],
        out -> {
          status(out, NO_CONTENT);
          HttpHeads.write(out, grant);
        },
        close);
  }

  private static void status(ByteBuf out, int status) {
    var reason = HttpResponseStatus.valueOf(status).reasonPhrase();
    HttpHeads.write(out, "HTTP/1.1 " + status + " " + reason + "\r\n");
    HttpHeads.line(out, "Server", "sallyport-tsh");
  }

  private static void write(
      ChannelHandlerContext context, byte[] body, Consumer<ByteBuf> head, boolean close) {
    var out = context.alloc().ioBuffer(512 + body.length);
    head.accept(out);
    if (close) {
      HttpHeads.line(out, "Connection", "close");
    }
    HttpHeads.write(out, "\r\n");
    out.writeBytes(body);
    context.writeAndFlush(out, context.voidPromise());
  }
}
