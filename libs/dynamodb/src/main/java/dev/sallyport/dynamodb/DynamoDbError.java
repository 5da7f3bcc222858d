package dev.sallyport.dynamodb;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;

/// An error of our own in DynamoDB's form, so that every SDK raises the right exception for it.
///
/// What we refuse has status 400 and is not retried; what is out of order has 503 and is; our own
/// overload is throttling, which is retried with a longer pause.
///
/// @param status the HTTP status
/// @param type the qualified name of the exception, such as
///   `com.amazon.coral.service#AccessDeniedException`
/// @param message for the human at the client; must not tell internals
public record DynamoDbError(int status, String type, String message) {

  /// Longest message that is sent; longer ones are cut.
  public static final int MESSAGE_LENGTH_MAX = 2048;

  private static final int REFUSED = 400;
  private static final int OUT_OF_ORDER = 503;
  private static final String CORAL_SERVICE = "com.amazon.coral.service#";
  private static final String CORAL_AVAILABILITY = "com.amazon.coral.availability#";

  /// Cuts long messages.
  public DynamoDbError {
    Objects.requireNonNull(type, "type");
    if (message.length() > MESSAGE_LENGTH_MAX) {
      message = message.substring(0, MESSAGE_LENGTH_MAX);
    }
  }

  /// Not allowed, for whatever reason. Not retried.
  public static DynamoDbError accessDenied(String message) {
    return new DynamoDbError(REFUSED, CORAL_SERVICE + "AccessDeniedException", message);
  }

  /// The login or a certificate has ended; the message should name the command that renews it. Not
  /// retried.
  public static DynamoDbError expiredToken(String message) {
    return new DynamoDbError(REFUSED, CORAL_SERVICE + "ExpiredTokenException", message);
  }

  /// We are too busy. Retried.
  public static DynamoDbError throttling(String message) {
    return new DynamoDbError(REFUSED, CORAL_AVAILABILITY + "ThrottlingException", message);
  }

  /// Something on the way is down, and the request did not get there. Retried.
  public static DynamoDbError unavailable(String message) {
    return new DynamoDbError(
        OUT_OF_ORDER, CORAL_AVAILABILITY + "ServiceUnavailableException", message);
  }

  /// The request is not one that DynamoDB takes. Not retried.
  public static DynamoDbError validation(String message) {
    return new DynamoDbError(REFUSED, "com.amazon.coral.validate#ValidationException", message);
  }

  /// The body could not be read. Not retried.
  public static DynamoDbError serialization(String message) {
    return new DynamoDbError(REFUSED, CORAL_SERVICE + "SerializationException", message);
  }

  /// The target names no operation that is known. Not retried.
  public static DynamoDbError unknownOperation(String message) {
    return new DynamoDbError(REFUSED, CORAL_SERVICE + "UnknownOperationException", message);
  }

  /// The error as it goes on the wire.
  ///
  /// @param service decides the content type
  /// @param requestId printable; the same that audit records
  public ErrorAnswer answer(AwsService service, String requestId) {
    String text = "{\"__type\":\"" + escape(type) + "\",\"message\":\"" + escape(message) + "\"}";
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    CRC32 crc = new CRC32();
    crc.update(body);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", service.contentType());
    headers.put("Content-Length", Integer.toString(body.length));
    headers.put("x-amz-crc32", Long.toString(crc.getValue()));
    headers.put("x-amzn-RequestId", requestId);
    return new ErrorAnswer(status, headers, body);
  }

  /// Escapes for JSON; what is no proper character becomes the replacement character.
  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> escaped.append("\\\"");
        case '\\' -> escaped.append("\\\\");
        case '\n' -> escaped.append("\\n");
        default -> {
          boolean paired =
              Character.isHighSurrogate(c)
                  && i + 1 < text.length()
                  && Character.isLowSurrogate(text.charAt(i + 1));
          if (paired) {
            escaped.append(c).append(text.charAt(++i));
          } else if (c < ' ' || c == 0x7f) {
            escaped.append("\\u%04x".formatted((int) c));
          } else {
            escaped.append(Character.isSurrogate(c) ? '\ufffd' : c);
          }
        }
      }
    }
    return escaped.toString();
  }
}
