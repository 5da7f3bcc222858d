package dev.sallyport.dynamodb;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an `X-Amz-Target` header asks for.
public sealed interface DynamoDbTarget {

  /// Longest header value that is looked at; the longest of a real operation is 56.
  int TARGET_LENGTH_MAX = 128;

  /// A known operation.
  ///
  /// @param operation the one that is meant
  record Known(Operation operation) implements DynamoDbTarget {}

  /// An operation that we do not know of a service that we know: newer than this program, or a
  /// typing error.
  ///
  /// @param service whose prefix the header has
  /// @param name letters and digits
  record UnknownOperation(AwsService service, String name) implements DynamoDbTarget {
    /// What to tell the client.
    public String message() {
      return "the operation " + name + " of " + service.targetPrefix() + " is not known here";
    }
  }

  /// No header, or one that names none of our services.
  ///
  /// @param message what to tell the client; holds nothing but printable text
  record Unrecognized(String message) implements DynamoDbTarget {}

  /// Reads the header's value. Upper and lower case differ, as they do for AWS.
  ///
  /// @param header the value, or null when the request has none
  static DynamoDbTarget parse(@Nullable String header) {
    if (header == null || header.isEmpty()) {
      return new Unrecognized("missing \"X-Amz-Target\" header in http request");
    }
    Optional<Operation> known = Operations.byTarget(header);
    if (known.isPresent()) {
      return new Known(known.get());
    }
    if (header.length() > TARGET_LENGTH_MAX || !header.chars().allMatch(DynamoDbTarget::isPlain)) {
      return new Unrecognized(
          "DynamoDB API target is not recognized (expected: like \"DynamoDB_20120810.GetItem\")");
    }
    int dot = header.indexOf('.');
    String prefix = dot < 0 ? header : header.substring(0, dot);
    String name = dot < 0 ? "" : header.substring(dot + 1);
    for (AwsService service : AwsService.values()) {
      if (service.targetPrefix().equals(prefix) && isName(name)) {
        return new UnknownOperation(service, name);
      }
    }
    return new Unrecognized("DynamoDB API target \"" + header + "\" is not recognized");
  }

  private static boolean isPlain(int c) {
    return isLetterOrDigit(c) || c == '.' || c == '_' || c == '-' || c == '#';
  }

  private static boolean isName(String text) {
    return !text.isEmpty() && text.chars().allMatch(DynamoDbTarget::isLetterOrDigit);
  }

  private static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
