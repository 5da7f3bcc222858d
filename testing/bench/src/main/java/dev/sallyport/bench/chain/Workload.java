package dev.sallyport.bench.chain;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One kind of load.
///
/// @param name as the report and `--only` have it
/// @param request what is sent
/// @param connections how many clients at once
/// @param pace how they send
record Workload(String name, Request request, int connections, Pace pace) {
  /// How requests follow each other.
  sealed interface Pace {
    /// Each client sends its next request when it has the answer.
    record Closed() implements Pace {}

    /// As [Closed], on a new connection each time, as the `aws` command does.
    record NewConnections() implements Pace {}

    /// Requests at random times whatever the answers do; waiting for a free client counts.
    record Open(int requestsPerSecond) implements Pace {}
  }

  /// What is sent.
  enum Request {
    GET_SMALL("GetItem", Answer.SMALL, 265),
    GET_MEDIUM("GetItem", Answer.MEDIUM, 265),
    GET_LARGE("GetItem", Answer.LARGE, 265),
    PUT("PutItem", Answer.EMPTY, 16 << 10),
    BATCH("BatchWriteItem", Answer.EMPTY, 1 << 20);

    final Answer answer;
    private final String operation;
    private final byte[] body;

    Request(String operation, Answer answer, int bytes) {
      this.operation = operation;
      this.answer = answer;
      this.body = body(operation, answer.table, bytes);
    }

    private static byte[] body(String operation, String table, int bytes) {
      var text =
          switch (operation) {
            case "GetItem" ->
                fill("{\"TableName\":\"" + table + "\",\"Key\":{\"Id\":{\"S\":\"", "\"}}}", bytes);
            case "PutItem" ->
                fill(
                    "{\"TableName\":\""
                        + table
                        + "\",\"Item\":{\"Id\":{\"S\":\"1\"},\"T\":{\"S\":\"",
                    "\"}}}",
                    bytes);
            default -> batch(table, bytes);
          };
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String fill(String open, String close, int bytes) {
      return open + "k".repeat(bytes - open.length() - close.length()) + close;
    }

    /// 25 items, the most that DynamoDB takes.
    private static String batch(String table, int bytes) {
      int items = 25;
      var text = new StringBuilder("{\"RequestItems\":{\"" + table + "\":[");
      for (int i = 0; i < items; i++) {
        text.append(i == 0 ? "" : ",")
            .append("{\"PutRequest\":{\"Item\":{\"Id\":{\"S\":\"")
            .append(i)
            .append("\"},\"T\":{\"S\":\"")
            .append("v".repeat(bytes / items - 64))
            .append("\"}}}}");
      }
      return text.append("]}}").toString();
    }

    /// The whole request as bytes, as an SDK sends it: signed with keys that nobody knows.
    byte[] bytes(String host) {
      var head =
          """
          POST / HTTP/1.1\r
          Host: %s\r
          Content-Type: application/x-amz-json-1.0\r
          X-Amz-Target: DynamoDB_20120810.%s\r
          X-Amz-Date: 20260101T000000Z\r
          User-Agent: aws-sdk-bench/1.0 md/internal lang/none\r
          amz-sdk-invocation-id: 00000000-0000-0000-0000-000000000000\r
          amz-sdk-request: attempt=1; max=1\r
          Authorization: AWS4-HMAC-SHA256 Credential=TUNNEL/20260101/us-east-1/dynamodb/aws4_request, \
          SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-type;host;x-amz-date;x-amz-target, \
          Signature=%s\r
          Accept: */*\r
          Content-Length: %d\r
          \r
          """
              .formatted(host, operation, "0".repeat(64), body.length);
      var out = new ByteArrayOutputStream(head.length() + body.length);
      out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(body);
      return out.toByteArray();
    }
  }

  /// All of them, in the report's order.
  static List<Workload> all() {
    var closed = new Pace.Closed();
    return List.of(
        new Workload("get-1", Request.GET_SMALL, 1, closed),
        new Workload("get-8", Request.GET_SMALL, 8, closed),
        new Workload("get-64", Request.GET_SMALL, 64, closed),
        new Workload("get-256", Request.GET_SMALL, 256, closed),
        new Workload("get-4kb", Request.GET_MEDIUM, 8, closed),
        new Workload("get-256kb", Request.GET_LARGE, 8, closed),
        new Workload("put-16kb", Request.PUT, 8, closed),
        new Workload("batch-1mb", Request.BATCH, 4, closed),
        new Workload("new-connections", Request.GET_SMALL, 8, new Pace.NewConnections()),
        new Workload("open-1000", Request.GET_SMALL, 16, new Pace.Open(1000)));
  }

  /// Those that tell most in the least time.
  static List<Workload> quick() {
    return all().stream()
        .filter(load -> List.of("get-1", "get-8", "get-64", "open-1000").contains(load.name))
        .toList();
  }
}
