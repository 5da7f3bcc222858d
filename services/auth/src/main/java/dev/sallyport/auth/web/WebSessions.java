package dev.sallyport.auth.web;

import dev.sallyport.auth.access.UserRoles;
import dev.sallyport.auth.issue.CertificateIssuer;
import dev.sallyport.auth.state.CredentialState;
import dev.sallyport.auth.state.Keys;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.auth.state.WebSession;
import dev.sallyport.auth.state.WebSessionState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.EndWebSessionRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.WebCertificate;
import dev.sallyport.control.WebCertificateRequest;
import dev.sallyport.control.WebSessionCreated;
import dev.sallyport.model.Secret;
import dev.sallyport.model.User;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.VerifiedUser;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Signs browsers in and out. A session is 256 random bits, of which the hash is kept; it ends when
/// it is not used for the time that the cluster says, when the sign-in's time is over, when the
/// user signs out, is locked or deleted, and when the user's password changes. A certificate of a
/// session that ended is worth nothing at once, whichever Proxy holds its key.
public final class WebSessions {
  /// What a browser is told whose session is not, or no longer, known.
  public static final String NOT_SIGNED_IN = "not signed in";

  private static final int SECRET_BYTES = 32;
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final WebSessionState sessions;
  private final ResourceState resources;
  private final CredentialState credentials;
  private final CertificateIssuer issuer;
  private final Times times;
  private final SecureRandom random;

  /// When it is, and after what time without use a session ends.
  public record Times(InstantSource clock, Supplier<Duration> idle) {}

  public WebSessions(
      WebSessionState sessions,
      ResourceState resources,
      CredentialState credentials,
      CertificateIssuer issuer,
      Times times,
      SecureRandom random) {
    this.sessions = sessions;
    this.resources = resources;
    this.credentials = credentials;
    this.issuer = issuer;
    this.times = times;
    this.random = random;
  }

  /// Begins the session of a user who has just proven who they are.
  ///
  /// @param identity the user with the sign-in's address and second factor, without a route
  public WebSessionCreated begin(User user, UserIdentity identity) {
    var ends = issuer.sessionEnd(user);
    var secret = secret();
    sessions.open(secret, WebSession.of(identity, bond(user), ends), idleEnd(ends));
    return new WebSessionCreated(secret, user.name(), ends);
  }

  /// A certificate for the Proxy that shows the session.
  public WebCertificate certificate(WebCertificateRequest request) {
    var key = issuer.requireKey(request.publicKey());
    var session = find(request.session());
    var user = holder(session).orElseThrow(WebSessions::notSignedIn);
    if (user.status().locked()) {
      sessions.end(request.session());
      throw new ControlException(ErrorKind.ACCESS_DENIED, UserRoles.lockedMessage(user));
    }
    var now = times.clock().instant();
    var longest = now.plus(CertificateAuthority.WEB_SESSION_MAX);
    var until =
        (session.ends().isBefore(longest) ? session.ends() : longest)
            .truncatedTo(ChronoUnit.SECONDS);
    if (!until.isAfter(now)) {
      throw notSignedIn();
    }
    var idleEnd = idleEnd(session.ends());
    var issued = issuer.issueWebSession(session, key, until);
    if (!sessions.used(request.session(), session, idleEnd, issued.fingerprint(), until)) {
      throw notSignedIn();
    }
    return new WebCertificate(
        Pem.encode(issued.certificate()),
        session.user(),
        session.roles().stream().filter(user.roles()::contains).toList(),
        until,
        idleEnd,
        session.ends());
  }

  /// Ends a session; one that is not known has ended already.
  public void end(EndWebSessionRequest request) {
    if (SECRET.matcher(request.session().reveal()).matches()) {
      sessions.end(request.session());
    }
  }

  /// Whether the session of a certificate is still open.
  public boolean open(VerifiedUser holder) {
    return sessions
        .ofCertificate(holder.fingerprint())
        .filter(session -> session.user().equals(holder.identity().user()))
        .flatMap(this::holder)
        .isPresent();
  }

  private WebSession find(Secret secret) {
    if (!SECRET.matcher(secret.reveal()).matches()) {
      throw notSignedIn();
    }
    return sessions.find(secret).orElseThrow(WebSessions::notSignedIn);
  }

  /// The user of a session, if they are still the one who signed in and their credentials are too.
  private Optional<User> holder(WebSession session) {
    return resources.user(session.user()).filter(user -> bond(user).equals(session.bond()));
  }

  /// Changes with the password, and with the user when they are made anew under the same name.
  private String bond(User user) {
    var made = user.createdBy().map(by -> by.time().toString()).orElse("");
    var password = credentials.password(user.name()).map(Secret::reveal).orElse("");
    return Keys.hash(made + "\n" + password);
  }

  private Instant idleEnd(Instant ends) {
    var idle = times.clock().instant().plus(times.idle().get());
    return idle.isBefore(ends) ? idle : ends;
  }

  private Secret secret() {
    var bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  private static ControlException notSignedIn() {
    return new ControlException(ErrorKind.ACCESS_DENIED, NOT_SIGNED_IN);
  }
}
