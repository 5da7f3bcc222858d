package dev.sallyport.auth.issue;

import dev.sallyport.auth.access.UserRoles;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.DatabaseCert;
import dev.sallyport.control.DatabaseCertRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Route;
import dev.sallyport.model.SignIn;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.Verification;
import dev.sallyport.pki.VerifiedUser;
import dev.sallyport.policy.DatabaseListing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Certificates for one route: one database, as one database user, in one session.
///
/// They are given only to the holder of a sign-in certificate, never outlive it, and are good for
/// no other certificate. Where the session needs a second factor of its own, it is asked for here,
/// and the certificate says by which device it was proven. Whether the database user is allowed is
/// judged by the agent at each connection; here the database must merely be visible, and one that
/// is not answers as one that does not exist.
public final class DatabaseCertificates {
  private static final int DB_USER_LENGTH_MAX = 2048;

  private final CertificateIssuer issuer;
  private final UserRoles userRoles;
  private final ResourceState resources;
  private final IdentityVerifier verifier;
  private final SessionFactors factors;
  private final InstantSource clock;

  public DatabaseCertificates(
      CertificateIssuer issuer,
      UserRoles userRoles,
      ResourceState resources,
      IdentityVerifier verifier,
      SessionFactors factors,
      InstantSource clock) {
    this.issuer = issuer;
    this.userRoles = userRoles;
    this.resources = resources;
    this.verifier = verifier;
    this.factors = factors;
    this.clock = clock;
  }

  /// Issues a certificate for the route that is asked for.
  public DatabaseCert issue(VerifiedUser caller, DatabaseCertRequest request) {
    var key = issuer.requireKey(request.publicKey());
    var login = caller.identity();
    if (login.route().isPresent()) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED, "a database certificate can't be used to get another one");
    }
    if (request.dbUser().isBlank() || request.dbUser().length() > DB_USER_LENGTH_MAX) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "db_user: %d characters (expected: 1 to %d)"
              .formatted(request.dbUser().length(), DB_USER_LENGTH_MAX));
    }
    userRoles.requireOpen(caller);
    var servers = visible(caller, request.database());
    var protocol = servers.getFirst().database().protocol();
    var now = clock.instant();
    if (!caller.notAfter().isAfter(now)) {
      throw new ControlException(ErrorKind.ACCESS_DENIED, "your sign-in has ended");
    }
    var old = request.renews().flatMap(pem -> kept(caller, request, protocol, pem));
    var session =
        old.flatMap(kept -> kept.identity().route())
            .map(Route::sessionId)
            .orElseGet(() -> UUID.randomUUID().toString());
    var wish = new SessionFactors.Wish(caller, key, old, request.mfa());
    var factor = factors.of(wish, userRoles.of(caller), servers.getFirst().database(), now);
    var route =
        new Route(
            request.database(),
            protocol,
            request.dbUser(),
            request.dbName(),
            session,
            factor.device());
    var end = factor.end();
    var certificate = issuer.issue(login.withRoute(route), key, end);
    return new DatabaseCert(
        Pem.encode(certificate),
        session,
        end,
        servers.stream().map(DatabaseServer::hostId).distinct().sorted().toList(),
        issuer.trust());
  }

  private List<DatabaseServer> visible(VerifiedUser caller, String name) {
    var listing = new DatabaseListing(caller.identity(), userRoles.of(caller));
    var servers =
        resources.serversOf(name).stream()
            .filter(server -> listing.visible(server.database()))
            .toList();
    if (servers.isEmpty()) {
      throw new ControlException(
          ErrorKind.NOT_FOUND,
          "database \"%s\" not found, use 'tsh db ls' to see registered databases".formatted(name));
    }
    return servers;
  }

  /// An old certificate, if it is still valid and was for the same route. One that has ended begins
  /// a new session, as does one of a user of the same name who was deleted since: nothing of
  /// theirs, such as a second factor, goes on. One of somebody or something else is refused.
  private Optional<VerifiedUser> kept(
      VerifiedUser caller, DatabaseCertRequest request, String protocol, String oldPem) {
    VerifiedUser old;
    try {
      switch (verifier.user(List.of(Pem.certificate(oldPem)))) {
        case Verification.Verified<VerifiedUser>(VerifiedUser user) -> old = user;
        case Verification.Refused<VerifiedUser> _ -> {
          return Optional.empty();
        }
      }
    } catch (PemException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "renews: " + e.getMessage());
    }
    var wanted = old.identity().route().filter(route -> same(route, request, protocol));
    if (!old.identity().user().equals(caller.identity().user()) || wanted.isEmpty()) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED, "renews: that certificate is of another user or route");
    }
    return Optional.of(old).filter(user -> since(user).equals(since(caller)));
  }

  private static Optional<Instant> since(VerifiedUser user) {
    return user.identity().signIn().flatMap(SignIn::userSince);
  }

  private static boolean same(Route route, DatabaseCertRequest request, String protocol) {
    return route.database().equals(request.database())
        && route.protocol().equals(protocol)
        && route.dbUser().equals(request.dbUser())
        && route.dbName().equals(request.dbName());
  }
}
