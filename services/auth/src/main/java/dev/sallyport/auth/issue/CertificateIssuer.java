package dev.sallyport.auth.issue;

import dev.sallyport.auth.access.UserRoles;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.locks.LockCheck;
import dev.sallyport.auth.state.Authorities;
import dev.sallyport.auth.state.Keys;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.auth.state.WebSession;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.LoginResult;
import dev.sallyport.control.SignUserRequest;
import dev.sallyport.control.Trust;
import dev.sallyport.control.UserCert;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.LockSubject;
import dev.sallyport.model.Role;
import dev.sallyport.model.SignIn;
import dev.sallyport.model.User;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// Issues users' certificates. Keys are made where they are used; only public halves come here.
public final class CertificateIssuer {
  /// The longest identity file that an administrator can sign for a program.
  public static final Duration SIGNED_TTL_MAX = Duration.ofDays(365);

  private final Authorities authorities;
  private final ResourceState resources;
  private final LockCheck locks;
  private final AuditTrail audit;
  private final Supplier<AuthPreference> preference;
  private final InstantSource clock;

  /// @param preference says how long a sign-in lasts that does not ask
  public CertificateIssuer(
      Authorities authorities,
      ResourceState resources,
      LockCheck locks,
      AuditTrail audit,
      Supplier<AuthPreference> preference,
      InstantSource clock) {
    this.authorities = authorities;
    this.resources = resources;
    this.locks = locks;
    this.audit = audit;
    this.preference = preference;
    this.clock = clock;
  }

  /// Reads a public key, which must be ECDSA on P-256.
  ///
  /// @throws ControlException of kind BAD_PARAMETER otherwise
  public PublicKey requireKey(String pem) {
    try {
      return Pem.publicKey(pem);
    } catch (PemException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "public_key: " + e.getMessage());
    }
  }

  /// What a sign-in asks for.
  ///
  /// @param publicKey PEM of the key made on the user's machine
  /// @param address where the key is, as the Proxy saw it
  public record LoginWish(String publicKey, Optional<Duration> ttl, String address) {}

  /// The certificate of a sign-in. The caller has proven who the user is.
  ///
  /// @param device id of the device that proved a second factor
  public LoginResult login(User user, LoginWish wish, Optional<String> device) {
    var identity = identity(user, Optional.of(wish.address()), device);
    requireUnlocked(identity, wish.address());
    var end = end(SessionTtl.of(wish.ttl(), usualTtl(), rolesOf(user)));
    var certificate = issue(identity, requireKey(wish.publicKey()), end);
    return new LoginResult(Pem.encode(certificate), trust(), user.name(), end);
  }

  /// Refuses, and writes down, a sign-in that a lock keeps out.
  public void requireUnlocked(UserIdentity identity, String address) {
    var lock = locks.on(LockSubject.of(identity));
    if (lock.isPresent()) {
      var refusal = LockCheck.refusal(lock.get());
      audit.loginFailed(identity.user(), address, refusal.reason());
      throw refusal;
    }
  }

  /// When a session of the web UI that the user begins now ends at the latest.
  public Instant sessionEnd(User user) {
    return end(SessionTtl.of(Optional.empty(), usualTtl(), rolesOf(user)));
  }

  /// A certificate of a web session.
  public WebCertificateIssued issueWebSession(WebSession session, PublicKey key, Instant end) {
    var identity =
        new UserIdentity(
            authorities.clusterName(),
            session.user(),
            session.roles(),
            session.traits(),
            UserKind.HUMAN,
            Optional.of(session.address()),
            session.mfaDevice(),
            Optional.empty());
    locks.require(LockSubject.of(identity));
    var certificate = authorities.users().issueWebSession(identity, key, end);
    var fingerprint = fingerprint(certificate);
    audit.certificateCreated(identity, fingerprint, end);
    return new WebCertificateIssued(certificate, fingerprint);
  }

  /// A certificate and what it is known by.
  public record WebCertificateIssued(X509Certificate certificate, String fingerprint) {}

  /// The certificate of an identity file, for an administrator: it may last longer than the roles
  /// allow people, for programs have nobody who could sign in anew.
  public UserCert sign(SignUserRequest request) {
    var user =
        resources
            .user(request.user())
            .orElseThrow(() ->
                new ControlException(
                    ErrorKind.NOT_FOUND, "user \"%s\" not found".formatted(request.user())));
    if (user.status().locked()) {
      throw new ControlException(ErrorKind.ACCESS_DENIED, UserRoles.lockedMessage(user));
    }
    var wanted = request.ttl().orElseGet(this::usualTtl);
    if (wanted.compareTo(SessionTtl.MIN) < 0 || wanted.compareTo(SIGNED_TTL_MAX) > 0) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "ttl: %d minutes (expected: 1 minute to 365 days)".formatted(wanted.toMinutes()));
    }
    var end = end(wanted);
    var certificate =
        issue(
            identity(user, Optional.empty(), Optional.empty()),
            requireKey(request.publicKey()),
            end);
    return new UserCert(Pem.encode(certificate), trust(), user.name(), end);
  }

  /// Signs an identity that no lock hits, and records it before the certificate is handed out.
  X509Certificate issue(UserIdentity identity, PublicKey key, Instant end) {
    locks.require(LockSubject.of(identity));
    var certificate = authorities.users().issueUser(identity, key, end);
    audit.certificateCreated(identity, fingerprint(certificate), end);
    return certificate;
  }

  /// What a user's client must trust: this cluster's host authorities.
  public Trust trust() {
    return Trust.ofHosts(authorities.trust());
  }

  private Duration usualTtl() {
    return preference.get().sessions().defaultTtl();
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return Keys.hash(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate of ours has no encoding", e);
    }
  }

  /// The identity of a user who signs in, from an address and by a device, if there are such.
  public UserIdentity identity(User user, Optional<String> address, Optional<String> device) {
    return new UserIdentity(
        authorities.clusterName(),
        user.name(),
        user.roles(),
        user.traits(),
        UserKind.HUMAN,
        address,
        device,
        Optional.empty(),
        Optional.of(new SignIn(UUID.randomUUID().toString(), user.since())));
  }

  private List<Role> rolesOf(User user) {
    return user.roles().stream().flatMap(name -> resources.role(name).stream()).toList();
  }

  private Instant end(Duration ttl) {
    return clock.instant().plus(ttl).truncatedTo(ChronoUnit.SECONDS);
  }
}
