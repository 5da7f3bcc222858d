package dev.sallyport.testkit.client;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** Makes clients of the AWS SDK with made-up credentials, as the guide's users do. */
public final class SdkClients {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private SdkClients() {}

  /** Counts how often requests were sent, retries included. */
  public static final class Attempts implements ExecutionInterceptor {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      count.incrementAndGet();
    }

    /** How many since the last call of this method. */
    public int take() {
      return count.getAndSet(0);
    }
  }

  private static StaticCredentialsProvider madeUp() {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create("tunnel", "tunnel"));
  }

  private static DynamoDbClientBuilder builder(URI endpoint) {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(madeUp())
        .httpClient(UrlConnectionHttpClient.builder().socketTimeout(PATIENCE).build());
  }

  /** A client with the SDK's standard retries. */
  public static DynamoDbClient dynamoDb(URI endpoint) {
    return builder(endpoint).build();
  }

  /** The same, with its attempts counted. */
  public static DynamoDbClient dynamoDb(URI endpoint, Attempts attempts) {
    return builder(endpoint)
        .overrideConfiguration(o -> o.addExecutionInterceptor(attempts))
        .build();
  }

  /** A client with credentials that count, for a door that verifies them. */
  public static DynamoDbClient dynamoDb(URI endpoint, AwsCredentials credentials) {
    return builder(endpoint)
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .build();
  }

  /** A client that never retries. */
  public static DynamoDbClient dynamoDbOnce(URI endpoint) {
    return builder(endpoint)
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  /** A client of DynamoDB Streams. */
  public static DynamoDbStreamsClient streams(URI endpoint) {
    return DynamoDbStreamsClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(madeUp())
        .httpClient(UrlConnectionHttpClient.builder().socketTimeout(PATIENCE).build())
        .build();
  }
}
