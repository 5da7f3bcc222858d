package dev.sallyport.sigv4;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/// Signs requests with AWS Signature Version 4. Pure but for a bounded cache of derived keys; safe
/// for any thread.
///
/// Every header that is handed in is signed, except those that belong to a hop (`Connection`,
/// `Expect`, `Keep-Alive`, `Proxy-*`, `TE`, `Trailer`, `Transfer-Encoding`, `Upgrade`) or that hops
/// rewrite (`User-Agent`, `X-Amzn-Trace-Id`). A header that makes up a signature is refused:
/// whoever signs must first drop the caller's own signature.
public final class SigV4Signer {

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int DAY_LENGTH = 8;
  private static final String CONTENT_HASH = "x-amz-content-sha256";
  private static final Set<String> MADE_HERE =
      Set.of("host", "authorization", "x-amz-date", "x-amz-security-token", "date");

  private record Second(Instant at, String text) {}

  private final SigningKeys keys = new SigningKeys();
  private volatile Second last = new Second(Instant.EPOCH, TIME.format(Instant.EPOCH));

  /// Signs one request.
  ///
  /// @param request what the signature covers
  /// @param region the region of the scope, such as `us-east-1`
  /// @param service the signing name, such as `dynamodb`
  /// @param now the time to sign for, cut to seconds
  /// @return the headers to add
  /// @throws IllegalArgumentException for a request that already carries parts of a signature, or
  ///   whose `X-Amz-Content-Sha256` is not the body's hash
  public SignedHeaders sign(
      RequestToSign request,
      SigningCredentials credentials,
      String region,
      String service,
      Instant now) {
    requireScopePart("region", region);
    requireScopePart("service", service);
    requireUnsigned(request);
    String time = time(now);
    String day = time.substring(0, DAY_LENGTH);
    List<Header> added = new ArrayList<>(3);
    added.add(new Header("X-Amz-Date", time));
    credentials
        .sessionToken()
        .ifPresent(token -> added.add(new Header("X-Amz-Security-Token", token)));

    CanonicalRequest canonical = CanonicalRequest.of(request, added);
    String scope = day + "/" + region + "/" + service + "/aws4_request";
    String toSign = ALGORITHM + "\n" + time + "\n" + scope + "\n" + sha256Hex(canonical.text());
    byte[] signature = keys.hmac(credentials, day, region, service, toSign);

    added.add(
        new Header(
            "Authorization",
            ALGORITHM
                + " Credential="
                + credentials.accessKeyId()
                + "/"
                + scope
                + ", SignedHeaders="
                + canonical.signedHeaders()
                + ", Signature="
                + HexFormat.of().formatHex(signature)));
    return new SignedHeaders(added);
  }

  private static void requireUnsigned(RequestToSign request) {
    for (Header header : request.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (MADE_HERE.contains(name)) {
        throw new IllegalArgumentException(
            "header " + name + " is made by signing (expected: dropped before)");
      }
      if (name.equals(CONTENT_HASH)
          && !header.value().equals(HexFormat.of().formatHex(request.bodySha256()))) {
        throw new IllegalArgumentException("header " + name + " is not the hash of the body");
      }
    }
  }

  private static void requireScopePart(String what, String value) {
    Objects.requireNonNull(value, what);
    if (value.isEmpty() || !isScopePart(value)) {
      throw new IllegalArgumentException(what + ": must be lower-case letters, digits and '-'");
    }
  }

  private static boolean isScopePart(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) {
        return false;
      }
    }
    return true;
  }

  private String time(Instant now) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    Second seen = last;
    if (!seen.at().equals(second)) {
      seen = new Second(second, TIME.format(second));
      last = seen;
    }
    return seen.text();
  }

  static String sha256Hex(String text) {
    return HexFormat.of().formatHex(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
  }
}
