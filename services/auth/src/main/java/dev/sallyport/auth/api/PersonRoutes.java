package dev.sallyport.auth.api;

import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.issue.CertificateIssuer;
import dev.sallyport.auth.issue.DatabaseCertificates;
import dev.sallyport.auth.login.InviteService;
import dev.sallyport.auth.login.LoginService;
import dev.sallyport.control.DatabaseCertRequest;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.control.SignUserRequest;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.VerifiedUser;
import java.util.Optional;

/// What people need: to sign in, to set a password, to see databases, to get certificates.
final class PersonRoutes {
  private final LoginService login;
  private final InviteService invites;
  private final CertificateIssuer issuer;
  private final DatabaseCertificates databases;

  PersonRoutes(
      LoginService login,
      InviteService invites,
      CertificateIssuer issuer,
      DatabaseCertificates databases) {
    this.login = login;
    this.invites = invites;
    this.issuer = issuer;
    this.databases = databases;
  }

  Optional<Object> login(Call call) {
    return Optional.of(login.login(call.body(LoginRequest.class)));
  }

  Optional<Object> invite(Call call) {
    return Optional.of(invites.info(Secret.of(call.path("token"))));
  }

  Optional<Object> setPassword(Call call) {
    var request = call.body(SetPasswordRequest.class);
    return Optional.of(invites.accept(Secret.of(call.path("token")), request));
  }

  Optional<Object> sign(Call call) {
    return Optional.of(issuer.sign(call.body(SignUserRequest.class)));
  }

  Optional<Object> databases(Call call) {
    return Optional.of(databases.list(user(call)));
  }

  Optional<Object> databaseCertificate(Call call) {
    return Optional.of(databases.issue(user(call), call.body(DatabaseCertRequest.class)));
  }

  private static VerifiedUser user(Call call) {
    if (call.caller() instanceof Caller.Person(VerifiedUser user)) {
      return user;
    }
    throw new IllegalStateException("the table let a caller in who is no user");
  }
}
