package dev.sallyport.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;

/// Random requests, signed by us and by both signers of the AWS SDK: nothing may differ.
class SdkOracleTest {

  private static final int REQUESTS = 1_500;

  @SuppressWarnings("ArrayRecordComponent")
  private record Sample(
      RequestToSign request,
      byte[] body,
      SigningCredentials ours,
      AwsCredentialsIdentity theirs,
      String region,
      String service,
      Instant now) {}

  @Test
  void signs_as_the_sdk_does() throws Exception {
    Random random = new Random(20_261_122);
    SigV4Signer signer = new SigV4Signer();
    AwsV4HttpSigner oracle = AwsV4HttpSigner.create();
    for (int i = 0; i < REQUESTS; i++) {
      Sample sample = sample(random, true);

      String theirs =
          oracle
              .sign(
                  SignRequest.builder(sample.theirs())
                      .request(sdkRequest(sample))
                      .payload(ContentStreamProvider.fromByteArray(sample.body()))
                      .putProperty(AwsV4HttpSigner.REGION_NAME, sample.region())
                      .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, sample.service())
                      .putProperty(
                          HttpSigner.SIGNING_CLOCK, Clock.fixed(sample.now(), ZoneOffset.UTC))
                      .build())
              .request()
              .firstMatchingHeader("Authorization")
              .orElseThrow();

      assertThat(ours(signer, sample).authorization()).as("%s", sample.request()).isEqualTo(theirs);
    }
  }

  @Test
  @SuppressWarnings(
      "deprecation") // the older signer is the oracle for requests without a hash header
  void signs_as_the_sdk_does_without_a_content_hash_header() throws Exception {
    Random random = new Random(20_261_123);
    SigV4Signer signer = new SigV4Signer();
    var oracle = software.amazon.awssdk.auth.signer.Aws4Signer.create();
    for (int i = 0; i < REQUESTS; i++) {
      Sample sample = sample(random, false);
      var parameters =
          software.amazon.awssdk.auth.signer.params.Aws4SignerParams.builder()
              .awsCredentials(
                  (software.amazon.awssdk.auth.credentials.AwsCredentials) sample.theirs())
              .signingName(sample.service())
              .signingRegion(Region.of(sample.region()))
              .signingClockOverride(Clock.fixed(sample.now(), ZoneOffset.UTC))
              .build();
      SdkHttpFullRequest full =
          sdkRequest(sample).toBuilder()
              .contentStreamProvider(ContentStreamProvider.fromByteArray(sample.body()))
              .build();

      String theirs =
          oracle.sign(full, parameters).firstMatchingHeader("Authorization").orElseThrow();

      assertThat(ours(signer, sample).authorization()).as("%s", sample.request()).isEqualTo(theirs);
    }
  }

  private static SignedHeaders ours(SigV4Signer signer, Sample sample) {
    return signer.sign(
        sample.request(), sample.ours(), sample.region(), sample.service(), sample.now());
  }

  private static SdkHttpFullRequest sdkRequest(Sample sample) {
    RequestToSign request = sample.request();
    SdkHttpFullRequest.Builder builder =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.fromValue(request.method()))
            .protocol("https")
            .host(request.host())
            .encodedPath(request.path());
    for (Header header : request.headers()) {
      builder.appendHeader(header.name(), header.value());
    }
    for (String pair : request.query().isEmpty() ? new String[0] : request.query().split("&")) {
      int equals = pair.indexOf('=');
      builder.appendRawQueryParameter(
          decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
    }
    return builder.build();
  }

  private static String decode(String text) {
    return java.net.URLDecoder.decode(text, java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Sample sample(Random random, boolean hashHeader) throws Exception {
    byte[] body = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(3_000)];
    random.nextBytes(body);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Content-Type", "application/x-amz-json-1.0"));
    headers.add(new Header("X-Amz-Target", "DynamoDB_20120810.GetItem"));
    if (hashHeader) {
      headers.add(new Header("x-amz-content-sha256", HexFormat.of().formatHex(hash)));
    }
    for (int i = random.nextInt(5); i > 0; i--) {
      String name = "X-" + text(random, "abcXYZ019-", 1, 6) + "q";
      // One spelling of a name: the SDK keeps two spellings apart, HTTP does not.
      headers.add(new Header(name.toLowerCase(Locale.ROOT), text(random, "ab z  ,;=\"é/", 0, 14)));
    }
    headers.add(new Header("User-Agent", "sample/1." + random.nextInt(10)));
    headers.add(new Header("Connection", "keep-alive"));
    String host = "dynamodb." + (random.nextBoolean() ? "us-east-1" : "eu-west-3") + ".example";
    RequestToSign request =
        new RequestToSign(
            random.nextInt(5) == 0 ? "GET" : "POST",
            path(random),
            query(random),
            host,
            headers,
            hash);
    String id = text(random, "ABCDEF0123456789", 16, 20);
    String secret = text(random, "abcdefXYZ0123/+=", 20, 40);
    Optional<String> token =
        random.nextBoolean() ? Optional.of(text(random, "abcXYZ/+=019", 1, 400)) : Optional.empty();
    AwsCredentialsIdentity theirs =
        token.isPresent()
            ? AwsSessionCredentials.create(id, secret, token.get())
            : AwsBasicCredentials.create(id, secret);
    return new Sample(
        request,
        body,
        new SigningCredentials(id, SecretKeyBytes.of(secret), token, Optional.empty()),
        theirs,
        random.nextBoolean() ? "us-east-1" : "cn-north-1",
        random.nextBoolean() ? "dynamodb" : "dax",
        Instant.ofEpochSecond(1_600_000_000L + random.nextInt(300_000_000)));
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder("/");
    for (int i = random.nextInt(4); i > 0; i--) {
      path.append(text(random, "ab-._~9", 1, 5))
          .append(random.nextBoolean() ? "%20" : "x")
          .append('/');
    }
    return path.toString();
  }

  private static String query(Random random) {
    List<String> pairs = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      pairs.add(
          text(random, "aB-_.~3", 1, 4) + "=" + (random.nextBoolean() ? "%2F%20%C3%A9" : "v"));
    }
    return String.join("&", pairs);
  }

  private static String text(Random random, String alphabet, int min, int max) {
    int length = min + random.nextInt(max - min + 1);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
