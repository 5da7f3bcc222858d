package dev.sallyport.auth.export;

import dev.sallyport.audit.store.Stored;
import dev.sallyport.aws.OwnCredentials;
import dev.sallyport.aws.OwnCredentials.Resolved;
import dev.sallyport.aws.Owner;
import dev.sallyport.aws.StsCalls;
import dev.sallyport.aws.TakenRole;
import dev.sallyport.pki.DialledHostTrust;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkClientException;
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
  private static final Owner OWNER = new Owner("Auth Service", "sallyport-auth");
  private static final int RECORDS_MAX = 50_000;
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu/MM/dd").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final ExportTarget.S3 target;
  private final StsCalls sts;
  private final OwnCredentials own;
  private final Supplier<Resolved> credentials;
  private final S3Client client;

  /// Connects to nobody yet.
  ///
  /// @throws IllegalArgumentException if the environment can never give credentials
  S3Export(ExportTarget.S3 target, InstantSource clock) {
    this.target = target;
    OwnCredentials.fault(target.aws())
        .ifPresent(fault -> {
          throw new IllegalArgumentException("auth_service.audit.s3: " + fault);
        });
    this.sts = new StsCalls(target.aws());
    var place = target.aws().sts(target.region(), false);
    this.own = OwnCredentials.of(OWNER, target.aws(), sts, () -> place, clock);
    this.credentials =
        target
            .role()
            .map(role -> TakenRole.of(role, own, sts, () -> place, clock))
            .<Supplier<Resolved>>map(taken -> taken::resolve)
            .orElse(own::resolve);
    this.client = client(target, this::credentials);
  }

  private static S3Client client(ExportTarget.S3 target, AwsCredentialsProvider credentials) {
    var builder =
        S3Client.builder()
            .region(Region.of(target.region()))
            .credentialsProvider(credentials)
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
    return builder.build();
  }

  /// Of one source and no other, so that a fault never makes the export somebody else.
  private AwsCredentials credentials() {
    return switch (credentials.get()) {
      case Resolved.Found found -> found.credentials();
      case Resolved.Missing missing -> throw SdkClientException.create(missing.reason());
    };
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
    own.close();
    sts.close();
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
}
