package dev.sallyport.testkit.aws;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.regions.Region;

/// The signature that the AWS SDK would have made for a received request.
final class SdkSignature {

  private static final String CONTENT_HASH = "x-amz-content-sha256";
  private static final Pattern RESULT =
      Pattern.compile(".* SignedHeaders=([^,]+), Signature=([0-9a-f]{64})");
  private static final Pattern HOST =
      Pattern.compile("([^:\\[\\]]+|\\[[^\\]]+])(?::([0-9]{1,5}))?");
  private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

  private SdkSignature() {}

  /// Signed headers and signature, parted by a blank.
  ///
  /// @param names the headers that were signed
  /// @param now the time that was signed for
  static String of(
      WireRequest request,
      List<String> names,
      AccessKey key,
      String region,
      String service,
      Instant now) {
    SdkHttpFullRequest plain = plain(request, names);
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    // Only the newer signer knows the header with the body's hash, and it always adds it.
    SdkHttpRequest signed =
        names.contains(CONTENT_HASH)
            ? newer(plain, request, key, region, service, clock)
            : older(plain, key, region, service, clock);
    String authorization = signed.firstMatchingHeader("Authorization").orElseThrow();
    Matcher result = RESULT.matcher(authorization);
    if (!result.matches()) {
      throw new IllegalStateException("the SDK's signer changed the form of its header");
    }
    return result.group(1) + " " + result.group(2);
  }

  private static SdkHttpRequest newer(
      SdkHttpFullRequest plain,
      WireRequest request,
      AccessKey key,
      String region,
      String service,
      Clock clock) {
    return SIGNER
        .sign(
            SignRequest.builder(AwsStandIn.credentials(key))
                .request(plain)
                .payload(ContentStreamProvider.fromByteArrayUnsafe(request.body()))
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                .putProperty(HttpSigner.SIGNING_CLOCK, clock)
                .build())
        .request();
  }

  @SuppressWarnings("deprecation") // the only one of the two that leaves the hash header out
  private static SdkHttpRequest older(
      SdkHttpFullRequest plain, AccessKey key, String region, String service, Clock clock) {
    var parameters =
        software.amazon.awssdk.auth.signer.params.Aws4SignerParams.builder()
            .awsCredentials(AwsStandIn.credentials(key))
            .signingRegion(Region.of(region))
            .signingName(service)
            .signingClockOverride(clock)
            .build();
    return software.amazon.awssdk.auth.signer.Aws4Signer.create().sign(plain, parameters);
  }

  private static SdkHttpFullRequest plain(WireRequest request, List<String> names) {
    Matcher host = HOST.matcher(request.only("Host").orElse(""));
    String name = host.matches() ? host.group(1) : "invalid";
    SdkHttpFullRequest.Builder builder =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.fromValue(request.method()))
            .host(name)
            .encodedPath(request.path())
            .contentStreamProvider(ContentStreamProvider.fromByteArrayUnsafe(request.body()));
    // The SDK writes a port into Host when it is not the scheme's own; so must the received one.
    if (host.matches() && host.group(2) != null) {
      builder.protocol("http").port(Integer.parseInt(host.group(2)));
    } else {
      builder.protocol("https");
    }
    for (String header : names) {
      boolean addedBySigner =
          header.equals("x-amz-date")
              || header.equals("x-amz-security-token")
              || header.equals("host");
      if (!addedBySigner) {
        request.all(header).forEach(value -> builder.appendHeader(header, value));
      }
    }
    for (String pair : request.query().isEmpty() ? new String[0] : request.query().split("&")) {
      String[] parts = pair.split("=", 2);
      builder.appendRawQueryParameter(decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
    }
    return builder.build();
  }

  private static String decode(String text) {
    return java.net.URLDecoder.decode(text, java.nio.charset.StandardCharsets.UTF_8);
  }
}
