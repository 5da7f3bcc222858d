package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.client.SdkClients;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * How one call of the AWS SDK, with its standard retries, failed.
 *
 * @param error what the program was told
 * @param attempts how often the request was sent
 */
record SdkFailure(SdkException error, int attempts) {
  /** The longest that the SDK may take to give up, its own pauses between retries included. */
  private static final Duration AT_ONCE = Duration.ofSeconds(30);

  /** Lists the tables through a tunnel, which must fail and must not hang. */
  static SdkFailure of(int port) {
    SdkClients.Attempts attempts = new SdkClients.Attempts();
    long begun = System.nanoTime();
    try (DynamoDbClient client =
        SdkClients.dynamoDb(URI.create("http://localhost:" + port), attempts)) {
      SdkException error = failure(client);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(AT_ONCE);
      return new SdkFailure(error, attempts.take());
    }
  }

  private static SdkException failure(DynamoDbClient client) {
    List<String> tables;
    try {
      tables = client.listTables().tableNames();
    } catch (SdkException e) {
      return e;
    }
    throw new AssertionError("the call went well: " + tables);
  }

  /** It was a refusal: HTTP 400, one attempt, this exception, and these words. */
  void isRefusal(String exception, String word, String... more) {
    answered(400, exception, word, more);
    assertThat(attempts).as("attempts").isEqualTo(1);
  }

  /** It was an outage: HTTP 503, tried again, and these words. */
  void isOutage(String word, String... more) {
    answered(503, "ServiceUnavailable", word, more);
    assertThat(attempts).as("attempts").isGreaterThan(1);
  }

  /** The SDK saw the connection break, and tried again. */
  void isBrokenConnection() {
    assertThat(error).isNotInstanceOf(AwsServiceException.class);
    assertThat(attempts).as("attempts").isGreaterThan(1);
  }

  private void answered(int status, String exception, String word, String... more) {
    assertThat(error)
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            answer -> {
              assertThat(answer.statusCode()).as(answer.toString()).isEqualTo(status);
              assertThat(answer.awsErrorDetails().errorCode()).startsWith(exception);
              assertThat(answer.awsErrorDetails().errorMessage()).contains(word);
              for (String other : more) {
                assertThat(answer.awsErrorDetails().errorMessage()).contains(other);
              }
            });
  }
}
