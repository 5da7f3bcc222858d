package dev.sallyport.auth.join.aws;

import dev.sallyport.auth.state.InstanceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.AwsInstanceRule;
import dev.sallyport.model.JoinTerms;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.authority.SignedContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Join method `ec2`: the identity document of an instance, signed by AWS.
///
/// A document is no secret of the host: whoever is on the instance, or ever saw the document, has
/// it. So it is good for a short time after the instance's start, and each instance joins once. Who
/// did not hear the answer may ask again with the same key; nobody else gets anything of that.
public final class InstanceCheck {
  /// How far ahead AWS's clock may be.
  private static final Duration AHEAD_MAX = Duration.ofMinutes(1);

  private static final int CERTIFICATE_LENGTH_MAX = 65_536;

  private final Optional<Path> certificates;
  private final InstanceState joined;
  private final InstantSource clock;

  /// @param certificates the folder with AWS's certificates, `REGION.pem` each; read at each join
  public InstanceCheck(Optional<Path> certificates, InstanceState joined, InstantSource clock) {
    this.certificates = certificates;
    this.joined = joined;
    this.clock = clock;
  }

  /// Which instance the host is, once one of the rules allows it. It is on record then that the
  /// instance joined, and by whom.
  ///
  /// @throws ControlException if it is not let in
  public InstanceIdentity check(
      Secret document, JoinTerms.AwsInstances terms, InstanceState.Claimant claimant) {
    var instance = verified(document, terms.allow());
    var now = clock.instant();
    if (mayRepeat(instance, claimant, now)) {
      return instance;
    }
    requireYoung(instance, terms, now);
    // The same host may have asked twice at once.
    if (!joined.claim(instance.account(), instance.instanceId(), claimant, now)
        && !mayRepeat(instance, claimant, now)) {
      throw denied(
          "instance %s of account %s has joined before, which it may once"
              .formatted(instance.instanceId(), instance.account()));
    }
    return instance;
  }

  private boolean mayRepeat(
      InstanceIdentity instance, InstanceState.Claimant claimant, Instant now) {
    return joined.mayRepeat(instance.account(), instance.instanceId(), claimant, now);
  }

  private static void requireYoung(
      InstanceIdentity instance, JoinTerms.AwsInstances terms, Instant now) {
    var age = Duration.between(instance.started(), now);
    if (age.compareTo(terms.ageMax()) > 0 || age.compareTo(AHEAD_MAX.negated()) < 0) {
      throw denied(
          ("instance %s was started at %s, which is too long ago to join by this token"
                  + " (aws_iid_ttl: %ss); start it again, or raise aws_iid_ttl")
              .formatted(instance.instanceId(), instance.started(), terms.ageMax().toSeconds()));
    }
  }

  private InstanceIdentity verified(Secret document, List<AwsInstanceRule> allow) {
    var signed =
        decoded(document)
            .flatMap(SignedContent::parse)
            .orElseThrow(() ->
                new ControlException(
                    ErrorKind.BAD_PARAMETER, "ec2: is no signed instance identity document"));
    var claimed =
        InstanceIdentity.parse(signed.unverified())
            .orElseThrow(() ->
                new ControlException(
                    ErrorKind.BAD_PARAMETER, "ec2: is no instance identity document"));
    // Before any certificate is looked for: only those of regions that a rule allows count.
    if (allow.stream().noneMatch(rule -> rule.allows(claimed.account(), claimed.region()))) {
      throw denied(
          "an instance of account %s in %s did not match any allow rules"
              .formatted(claimed.account(), claimed.region()));
    }
    for (var certificate : certificates(claimed.region())) {
      if (isValid(certificate) && signed.verified(certificate).isPresent()) {
        return claimed;
      }
    }
    throw denied(
        "the instance identity document is not signed by AWS's RSA-2048 key of %s"
            .formatted(claimed.region()));
  }

  private static Optional<byte[]> decoded(Secret document) {
    try {
      return Optional.of(document.reveal())
          .filter(text -> text.length() <= 2 * SignedContent.LENGTH_MAX)
          .map(text -> Base64.getDecoder().decode(text.replaceAll("[\r\n]", "")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private boolean isValid(X509Certificate certificate) {
    var now = clock.instant();
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.isAfter(certificate.getNotAfter().toInstant());
  }

  /// @param region of a form that is known, so it names a file in the folder
  private List<X509Certificate> certificates(String region) {
    if (certificates.isEmpty()) {
      throw new ControlException(
          ErrorKind.UNAVAILABLE,
          "join method ec2 needs AWS's certificates on the Auth host: set"
              + " auth_service.ec2_certificates to a folder with one REGION.pem each");
    }
    var file = certificates.get().resolve(region + ".pem");
    try {
      if (Files.size(file) > CERTIFICATE_LENGTH_MAX) {
        throw new IOException("is longer than " + CERTIFICATE_LENGTH_MAX + " bytes");
      }
      return Pem.certificates(Files.readString(file));
    } catch (IOException e) {
      throw new ControlException(
          ErrorKind.UNAVAILABLE,
          "the Auth Service has no certificate of AWS for %s that it can read: put the RSA-2048"
                  .formatted(region)
              + " certificate of AWS's documentation into auth_service.ec2_certificates as "
              + file.getFileName(),
          e);
    }
  }

  private static ControlException denied(String message) {
    return new ControlException(ErrorKind.ACCESS_DENIED, message);
  }
}
