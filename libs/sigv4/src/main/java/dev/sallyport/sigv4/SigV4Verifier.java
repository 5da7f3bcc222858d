package dev.sallyport.sigv4;

import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Verifies the signatures that clients make with one long-lived access key. Pure but for a bounded
/// cache of derived keys; safe for any thread.
///
/// It takes place in two steps, so that a head which can't count is refused before its body is
/// read: {@link #read} judges the head, {@link #verify} the signature once the body's hash is
/// known. Region and service are the client's choice: the key opens one door, whatever they say.
public final class SigV4Verifier {
  /// How far a signature's time may be from now; what AWS allows.
  public static final Duration WINDOW = Duration.ofMinutes(5);

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          ALGORITHM
              + " +Credential=([A-Za-z0-9_]{1,128})/([0-9]{8})/([-a-z0-9_]{1,64})/([-a-z0-9_]{1,64})/aws4_request,"
              + " *SignedHeaders=([!#$%&'*+.^_`|~0-9a-z;-]{1,4096}), *Signature=([0-9a-f]{64})");
  private static final String DATE = "x-amz-date";
  private static final String CONTENT_HASH = "x-amz-content-sha256";
  private static final Pattern TIME = Pattern.compile("[0-9]{8}T[0-9]{6}Z");

  private final SigningCredentials key;
  private final SigningKeys keys = new SigningKeys();

  /// Takes signatures of this key alone.
  public SigV4Verifier(SigningCredentials key) {
    this.key = key;
  }

  /// What a head says about its signature.
  public sealed interface Reading {
    /// It may count, once the body is known.
    record Claimed(Claim claim) implements Reading {}

    /// It can't count.
    record Refused(SignatureFault fault) implements Reading {}
  }

  /// A signature that is still to be compared; only {@link #read} makes one.
  public static final class Claim {
    private final SignedHead head;
    private final List<String> signed;
    private final String time;
    private final String region;
    private final String service;
    private final byte[] signature;

    private Claim(SignedHead head, List<String> signed, String time, List<String> parts) {
      this.head = head;
      this.signed = signed;
      this.time = time;
      this.region = parts.get(0);
      this.service = parts.get(1);
      this.signature = HexFormat.of().parseHex(parts.get(2));
    }

    private String day() {
      return time.substring(0, 8);
    }
  }

  /// Judges a head.
  public Reading read(SignedHead head, Instant now) {
    var authorization = all(head, "authorization");
    if (authorization.isEmpty()) {
      return new Reading.Refused(SignatureFault.MISSING);
    }
    var form = AUTHORIZATION.matcher(authorization.getFirst().strip());
    if (authorization.size() > 1 || !form.matches()) {
      return new Reading.Refused(SignatureFault.INCOMPLETE);
    }
    if (!MessageDigest.isEqual(ascii(form.group(1)), ascii(key.accessKeyId()))) {
      return new Reading.Refused(SignatureFault.UNKNOWN_KEY);
    }
    if (!all(head, "x-amz-security-token").isEmpty()) {
      return new Reading.Refused(SignatureFault.SESSION_TOKEN);
    }
    var dates = all(head, DATE);
    var signed = List.of(form.group(5).split(";", -1));
    if (dates.size() != 1
        || !dates.getFirst().startsWith(form.group(2))
        || !coversEnough(head, signed)) {
      return new Reading.Refused(SignatureFault.INCOMPLETE);
    }
    var time = time(dates.getFirst());
    if (time.isEmpty()) {
      return new Reading.Refused(SignatureFault.INCOMPLETE);
    }
    if (Duration.between(time.get(), now).abs().compareTo(WINDOW) > 0) {
      return new Reading.Refused(SignatureFault.OUT_OF_TIME);
    }
    return new Reading.Claimed(
        new Claim(
            head, signed, dates.getFirst(), List.of(form.group(3), form.group(4), form.group(6))));
  }

  /// Compares the signature, in the same time whatever the difference; empty when it counts.
  ///
  /// @param bodySha256 the hash of the body as it came
  public Optional<SignatureFault> verify(Claim claim, byte[] bodySha256) {
    var hash = HexFormat.of().formatHex(bodySha256);
    for (var told : all(claim.head, CONTENT_HASH)) {
      if (!MessageDigest.isEqual(ascii(told), ascii(hash))) {
        return Optional.of(SignatureFault.WRONG);
      }
    }
    CanonicalRequest canonical;
    try {
      canonical = CanonicalRequest.ofSigned(claim.head, claim.signed, hash);
    } catch (IllegalArgumentException e) {
      return Optional.of(SignatureFault.INCOMPLETE);
    }
    var scope = claim.day() + "/" + claim.region + "/" + claim.service + "/aws4_request";
    var toSign =
        ALGORITHM
            + "\n"
            + claim.time
            + "\n"
            + scope
            + "\n"
            + SigV4Signer.sha256Hex(canonical.text());
    var expected = keys.hmac(key, claim.day(), claim.region, claim.service, toSign);
    return MessageDigest.isEqual(expected, claim.signature)
        ? Optional.empty()
        : Optional.of(SignatureFault.WRONG);
  }

  /// In order, each once and present; `Host`, the time and all that AWS gives a meaning among them.
  private static boolean coversEnough(SignedHead head, List<String> signed) {
    for (int i = 0; i < signed.size(); i++) {
      var name = signed.get(i);
      if (name.isEmpty()
          || (i > 0 && signed.get(i - 1).compareTo(name) >= 0)
          || all(head, name).isEmpty()) {
        return false;
      }
    }
    if (!signed.contains("host") || !signed.contains(DATE)) {
      return false;
    }
    for (var header : head.headers()) {
      var name = header.name().toLowerCase(Locale.ROOT);
      if (name.startsWith("x-amz-") && !signed.contains(name)) {
        return false;
      }
    }
    return true;
  }

  private static Optional<Instant> time(String text) {
    if (!TIME.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          LocalDateTime.parse(text, SigV4Signer.TIME.withZone(null)).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static List<String> all(SignedHead head, String name) {
    return head.headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
