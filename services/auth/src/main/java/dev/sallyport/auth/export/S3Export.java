package dev.sallyport.auth.export;

import dev.sallyport.audit.store.Stored;
import dev.sallyport.pki.DialledHostTrust;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// Batches as compressed objects. The key tells when the first record of the object came and its
/// position in the audit store, so that a batch that is put again takes the place of itself:
/// `<prefix>2030/01/31/20300131T101500Z-000000001234.jsonl.gz`.
final class S3Export implements ExportSink {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final Duration CALL = Duration.ofSeconds(30);
  private static final int RECORDS_MAX = 50_000;
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu/MM/dd").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final ExportTarget.S3 target;
  private final S3Client client;

  S3Export(ExportTarget.S3 target) {
    this.target = target;
    var builder =
        S3Client.builder()
            .region(Region.of(target.region()))
            .credentialsProvider(credentials(target))
            .forcePathStyle(target.pathStyle())
            .serviceConfiguration(o -> o.chunkedEncodingEnabled(false))
            // The checksum is given with each object; stores that are like S3 take no other form.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT)
                    .socketTimeout(SILENCE)
                    .tlsTrustManagersProvider(
                        () -> new TrustManager[] {new DialledHostTrust(target.trust())}))
            // Trying again is the exporter's.
            .overrideConfiguration(
                o -> o.apiCallTimeout(CALL).retryStrategy(AwsRetryStrategy.doNotRetry()));
    target.endpoint().ifPresent(builder::endpointOverride);
    this.client = builder.build();
  }

  @Override
  public String target() {
    return "s3://" + target.bucket() + "/" + target.prefix();
  }

  @Override
  public Pace pace() {
    return new Pace(RECORDS_MAX, target.batchBytes(), target.every());
  }

  @Override
  public void put(List<Stored> records) throws IOException {
    var first = records.getFirst();
    var key = target.prefix() + key(first.came(), first.position());
    var body = compressed(records);
    try {
      client.putObject(
          request ->
              request
                  .bucket(target.bucket())
                  .key(key)
                  .contentType("application/x-ndjson")
                  .contentEncoding("gzip")
                  .checksumSHA256(Base64.getEncoder().encodeToString(sha256(body))),
          RequestBody.fromBytes(body));
    } catch (AwsServiceException e) {
      var details = Optional.ofNullable(e.awsErrorDetails());
      var code = details.map(AwsErrorDetails::errorCode).orElse("");
      throw new IOException((code + " " + e.getMessage()).strip(), e);
    } catch (SdkException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  static String key(Instant came, long position) {
    return "%s/%s-%012d.jsonl.gz".formatted(DAY.format(came), TIME.format(came), position);
  }

  @Override
  public void close() {
    client.close();
  }

  private static byte[] compressed(List<Stored> records) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      for (var record : records) {
        gzip.write(ExportSink.line(record));
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("this Java has no SHA-256", impossible);
    }
  }

  /// Those of the environment given, else where every AWS program looks for them.
  private static AwsCredentialsProvider credentials(ExportTarget.S3 target) {
    var usual = DefaultCredentialsProvider.builder().build();
    var id = target.env().getOrDefault("AWS_ACCESS_KEY_ID", "").strip();
    var secret = target.env().getOrDefault("AWS_SECRET_ACCESS_KEY", "").strip();
    var token = target.env().getOrDefault("AWS_SESSION_TOKEN", "").strip();
    if (id.isEmpty() || secret.isEmpty()) {
      return usual;
    }
    var given =
        token.isEmpty()
            ? AwsBasicCredentials.create(id, secret)
            : AwsSessionCredentials.create(id, secret, token);
    return AwsCredentialsProviderChain.of(StaticCredentialsProvider.create(given), usual);
  }
}
