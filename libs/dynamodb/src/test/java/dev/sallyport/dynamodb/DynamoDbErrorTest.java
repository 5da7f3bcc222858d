package dev.sallyport.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// The AWS SDK for Java reads our errors: which exception it raises, and whether it tries again.
class DynamoDbErrorTest {

  private static final int ATTEMPTS = 3;

  static Stream<Arguments> errors() {
    return Stream.of(
        Arguments.of(DynamoDbError.accessDenied("no"), "AccessDeniedException", 400, 1),
        Arguments.of(DynamoDbError.expiredToken("no"), "ExpiredTokenException", 400, 1),
        Arguments.of(DynamoDbError.validation("no"), "ValidationException", 400, 1),
        Arguments.of(DynamoDbError.serialization("no"), "SerializationException", 400, 1),
        Arguments.of(DynamoDbError.unknownOperation("no"), "UnknownOperationException", 400, 1),
        Arguments.of(DynamoDbError.throttling("no"), "ThrottlingException", 400, ATTEMPTS),
        Arguments.of(
            DynamoDbError.unavailable("no"), "ServiceUnavailableException", 503, ATTEMPTS));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void the_sdk_raises_it_and_retries_only_what_may_heal(
      DynamoDbError error, String code, int status, int attempts) throws IOException {
    String message = "Access to \"x\" denied.\nLine two: \\ é \ud83d\ude00";
    DynamoDbError worded = new DynamoDbError(error.status(), error.type(), message);
    AtomicInteger requests = new AtomicInteger();
    HttpServer server = answering(worded, requests);
    try (DynamoDbClient client = client(server)) {
      DynamoDbException raised = catchThrowableOfType(DynamoDbException.class, client::listTables);

      assertThat(raised.awsErrorDetails().errorCode()).isEqualTo(code);
      assertThat(raised.awsErrorDetails().errorMessage()).isEqualTo(message);
      assertThat(raised.statusCode()).isEqualTo(status);
      assertThat(raised.requestId()).isEqualTo("REQ-1");
      assertThat(requests).hasValue(attempts);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void the_checksum_is_that_of_the_body() {
    ErrorAnswer answer = DynamoDbError.accessDenied("no").answer(AwsService.DYNAMODB, "id");
    CRC32 crc = new CRC32();
    crc.update(answer.body());
    assertThat(answer.headers())
        .containsEntry("x-amz-crc32", Long.toString(crc.getValue()))
        .containsEntry("Content-Type", "application/x-amz-json-1.0")
        .containsEntry("Content-Length", Integer.toString(answer.body().length))
        .containsEntry("x-amzn-RequestId", "id");
    assertThat(DynamoDbError.accessDenied("no").answer(AwsService.DAX, "id").headers())
        .containsEntry("Content-Type", "application/x-amz-json-1.1");
  }

  @Test
  void no_message_breaks_the_json_or_grows_without_end() {
    String hostile = "\0\u001b[31m\u007f\ud800 lone \udc00\"}" + "x".repeat(5_000);
    ErrorAnswer answer = DynamoDbError.validation(hostile).answer(AwsService.DYNAMODB, "id");
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    assertThat(text)
        .contains("\\u0000\\u001b[31m\\u007f\ufffd lone \ufffd\\\"}")
        .hasSizeLessThan(DynamoDbError.MESSAGE_LENGTH_MAX + 200);
  }

  private static HttpServer answering(DynamoDbError error, AtomicInteger requests)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.getRequestBody().readAllBytes();
          ErrorAnswer answer = error.answer(AwsService.DYNAMODB, "REQ-1");
          answer
              .headers()
              .forEach((name, value) -> {
                if (!name.equals("Content-Length")) {
                  exchange.getResponseHeaders().add(name, value);
                }
              });
          exchange.sendResponseHeaders(answer.status(), answer.body().length);
          exchange.getResponseBody().write(answer.body());
          exchange.close();
        });
    server.start();
    return server;
  }

  private static DynamoDbClient client(HttpServer server) {
    return DynamoDbClient.builder()
        .endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAEXAMPLE", "secret")))
        .httpClient(UrlConnectionHttpClient.create())
        .overrideConfiguration(o ->
            o.retryStrategy(
                AwsRetryStrategy.standardRetryStrategy().toBuilder()
                    .maxAttempts(ATTEMPTS)
                    .backoffStrategy(BackoffStrategy.fixedDelay(Duration.ofMillis(1)))
                    .throttlingBackoffStrategy(BackoffStrategy.fixedDelay(Duration.ofMillis(1)))
                    .build()))
        .build();
  }
}
