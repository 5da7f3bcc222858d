package dev.sallyport.testkit.aws;

import dev.sallyport.testkit.aws.SignatureVerdict.Accepted;
import dev.sallyport.testkit.aws.SignatureVerdict.Fault;
import dev.sallyport.testkit.aws.SignatureVerdict.Refused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Verifies a request's signature: who may sign, for which region and service, when, and over what.
/// The signature itself is computed anew by [SdkSignature].
final class SignatureCheck {

  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256"
              + " Credential=([A-Za-z0-9]{16,128})/([0-9]{8})/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request,"
              + " ?SignedHeaders=([a-z0-9;_-]+), ?Signature=([0-9a-f]{64})");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final Duration SKEW = Duration.ofMinutes(5);

  private final AccessKeys keys;
  private final InstantSource clock;

  SignatureCheck(AccessKeys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /// What a signature says about itself.
  private record Claim(
      String keyId,
      String day,
      String region,
      String service,
      String signedHeaders,
      String signature) {
    List<String> names() {
      return List.of(signedHeaders.split(";"));
    }
  }

  /// Verifies.
  ///
  /// @param region the only region of the scope that is taken
  /// @param service the only service of the scope that is taken
  SignatureVerdict verify(WireRequest request, String region, String service) {
    List<String> authorizations = request.all("Authorization");
    if (authorizations.isEmpty()) {
      return new Refused(Fault.MISSING, "Request is missing Authentication Token");
    }
    Matcher form = AUTHORIZATION.matcher(authorizations.getFirst());
    if (authorizations.size() > 1 || !form.matches()) {
      return new Refused(
          Fault.INCOMPLETE,
          "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters");
    }
    Claim claim =
        new Claim(
            form.group(1),
            form.group(2),
            form.group(3),
            form.group(4),
            form.group(5),
            form.group(6));
    Optional<Refused> wrong =
        unsigned(request, claim)
            .or(() -> scope(claim, region, service))
            .or(() -> date(request, claim));
    if (wrong.isPresent()) {
      return wrong.get();
    }
    Optional<AccessKey> key = keys.find(claim.keyId());
    if (key.isEmpty() || !key.get().token().equals(request.only("X-Amz-Security-Token"))) {
      return new Refused(
          Fault.UNKNOWN_KEY, "The security token included in the request is invalid.");
    }
    if (key.get().expires().isPresent() && !clock.instant().isBefore(key.get().expires().get())) {
      return new Refused(Fault.EXPIRED, "The security token included in the request is expired");
    }
    return signature(request, claim, key.get());
  }

  /// `host` and everything that begins with `x-amz-` must be signed, once, and nothing may be in
  /// the query.
  private static Optional<Refused> unsigned(WireRequest request, Claim claim) {
    for (WireHeader header : request.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      boolean mustBeSigned = name.equals("host") || name.startsWith("x-amz-");
      if (mustBeSigned && (!claim.names().contains(name) || request.all(name).size() > 1)) {
        return Optional.of(
            new Refused(
                Fault.INCOMPLETE,
                "'" + name + "' must be a 'SignedHeader' in the AWS Authorization."));
      }
    }
    boolean whole =
        claim.names().stream().noneMatch(name -> request.all(name).isEmpty())
            && claim.names().contains("host")
            && claim.names().contains("x-amz-date")
            && claim.names().equals(claim.names().stream().sorted().distinct().toList())
            && !request.query().toLowerCase(Locale.ROOT).contains("x-amz-");
    return whole
        ? Optional.empty()
        : Optional.of(new Refused(Fault.INCOMPLETE, "SignedHeaders do not fit the request."));
  }

  private static Optional<Refused> scope(Claim claim, String region, String service) {
    if (!claim.region().equals(region)) {
      return Optional.of(
          new Refused(
              Fault.MISMATCH,
              "Credential should be scoped to a valid region, not '" + claim.region() + "'. "));
    }
    if (!claim.service().equals(service)) {
      return Optional.of(
          new Refused(
              Fault.MISMATCH,
              "Credential should be scoped to correct service: '" + service + "'. "));
    }
    return Optional.empty();
  }

  private Optional<Refused> date(WireRequest request, Claim claim) {
    Optional<Instant> signed = request.only("X-Amz-Date").flatMap(SignatureCheck::time);
    if (signed.isEmpty() || !TIME.format(signed.get()).startsWith(claim.day())) {
      return Optional.of(
          new Refused(
              Fault.INCOMPLETE, "Date must be in ISO-8601 'basic format', and that of the scope."));
    }
    Instant now = clock.instant();
    if (signed.get().isBefore(now.minus(SKEW))) {
      return Optional.of(
          new Refused(
              Fault.MISMATCH,
              "Signature expired: %s is now earlier than %s (%s - 5 min.)"
                  .formatted(
                      TIME.format(signed.get()), TIME.format(now.minus(SKEW)), TIME.format(now))));
    }
    if (signed.get().isAfter(now.plus(SKEW))) {
      return Optional.of(
          new Refused(
              Fault.MISMATCH,
              "Signature not yet current: %s is still later than %s (%s + 5 min.)"
                  .formatted(
                      TIME.format(signed.get()), TIME.format(now.plus(SKEW)), TIME.format(now))));
    }
    return Optional.empty();
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.from(TIME.parse(text)));
    } catch (DateTimeException malformed) {
      return Optional.empty();
    }
  }

  private static SignatureVerdict signature(WireRequest request, Claim claim, AccessKey key) {
    Optional<String> hash = request.only("X-Amz-Content-Sha256");
    boolean hashFits = hash.isEmpty() || hash.get().equals(sha256(request.body()));
    Instant signedAt = time(request.only("X-Amz-Date").orElseThrow()).orElseThrow();
    String right =
        SdkSignature.of(request, claim.names(), key, claim.region(), claim.service(), signedAt);
    boolean same =
        MessageDigest.isEqual(
            right.getBytes(StandardCharsets.US_ASCII),
            (claim.signedHeaders() + " " + claim.signature()).getBytes(StandardCharsets.US_ASCII));
    if (!hashFits || !same) {
      return new Refused(
          Fault.MISMATCH,
          "The request signature we calculated does not match the signature you provided. Check"
              + " your AWS Secret Access Key and signing method. Consult the service documentation"
              + " for details.");
    }
    return new Accepted(key);
  }

  private static String sha256(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
