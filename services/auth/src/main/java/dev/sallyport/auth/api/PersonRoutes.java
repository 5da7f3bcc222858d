package dev.sallyport.auth.api;

import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.access.Origin;
import dev.sallyport.auth.issue.CertificateIssuer;
import dev.sallyport.auth.issue.DatabaseCertificates;
import dev.sallyport.auth.issue.DatabaseLists;
import dev.sallyport.auth.locks.SignOut;
import dev.sallyport.auth.login.ConsoleService;
import dev.sallyport.auth.login.DeviceService;
import dev.sallyport.auth.login.InviteService;
import dev.sallyport.auth.login.LoginService;
import dev.sallyport.auth.login.PasswordService;
import dev.sallyport.control.BeginDeviceRequest;
import dev.sallyport.control.ChangePasswordRequest;
import dev.sallyport.control.ConsoleApproval;
import dev.sallyport.control.ConsoleCancel;
import dev.sallyport.control.ConsoleSignIn;
import dev.sallyport.control.ConsoleStart;
import dev.sallyport.control.ConsoleStartRequest;
import dev.sallyport.control.DatabaseCertRequest;
import dev.sallyport.control.EnrollRequest;
import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.control.LoginBeginRequest;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.RemoveDeviceRequest;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.control.SignUserRequest;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.VerifiedUser;
import java.util.Optional;

/// What people need: to sign in, to set a password, to see databases, to get certificates.
final class PersonRoutes {
  private final LoginService login;
  private final InviteService invites;
  private final DeviceService devices;
  private final ConsoleService console;
  private final PasswordService passwords;
  private final CertificateIssuer issuer;
  private final DatabaseCertificates databases;
  private final DatabaseLists lists;
  private final SignOut signOut;

  PersonRoutes(AuthParts.SignIn signIn, AuthParts.People people) {
    this.login = signIn.login();
    this.invites = signIn.invites();
    this.devices = signIn.devices();
    this.console = signIn.console();
    this.passwords = signIn.passwords();
    this.issuer = people.issuer();
    this.databases = people.databases();
    this.lists = people.lists();
    this.signOut = people.signOut();
  }

  Optional<Object> beginLogin(Call call) {
    return Optional.of(login.begin(call.body(LoginBeginRequest.class)));
  }

  Optional<Object> enroll(Call call) {
    var request = call.body(EnrollRequest.class);
    return Optional.of(invites.enroll(Secret.of(call.path("token")), request));
  }

  Optional<Object> devices(Call call) {
    return Optional.of(devices.list(name(call)));
  }

  Optional<Object> challenge(Call call) {
    return Optional.of(devices.challenge(name(call)));
  }

  Optional<Object> beginDevice(Call call) {
    return Optional.of(devices.begin(name(call), call.body(BeginDeviceRequest.class)));
  }

  Optional<Object> finishDevice(Call call) {
    return Optional.of(devices.finish(name(call), call.body(EnrollmentAnswer.class)));
  }

  Optional<Object> changePassword(Call call) {
    passwords.change(user(call).identity(), call.body(ChangePasswordRequest.class));
    return Optional.empty();
  }

  Optional<Object> removeDevice(Call call) {
    devices.remove(name(call), call.path("id"), call.body(RemoveDeviceRequest.class).proof());
    return Optional.empty();
  }

  Optional<Object> startFactor(Call call) {
    var user = user(call);
    var address = user.identity().loginAddress().orElse("");
    return Optional.of(console.startFactor(name(call), call.body(ConsoleStart.class), address));
  }

  Optional<Object> startConsole(Call call) {
    var request = call.body(ConsoleStartRequest.class);
    return Optional.of(console.startLogin(request.start(), request.clientAddress()));
  }

  Optional<Object> consoleInfo(Call call) {
    return Optional.of(console.info(call.path("id")));
  }

  Optional<Object> consoleSignIn(Call call) {
    return Optional.of(console.signIn(call.path("id"), call.body(ConsoleSignIn.class)));
  }

  Optional<Object> approveConsole(Call call) {
    return Optional.of(console.approve(call.path("id"), call.body(ConsoleApproval.class)));
  }

  Optional<Object> rejectConsole(Call call) {
    return Optional.of(console.reject(call.path("id")));
  }

  Optional<Object> cancelConsole(Call call) {
    console.cancel(call.path("id"), call.body(ConsoleCancel.class));
    return Optional.empty();
  }

  Optional<Object> login(Call call) {
    var request = call.body(LoginRequest.class);
    return Origin.agent(request.userAgent(), () -> Optional.of(login.login(request)));
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
    return Optional.of(lists.list(user(call), call.query("query"), call.query("page")));
  }

  Optional<Object> databaseCertificate(Call call) {
    return Optional.of(databases.issue(user(call), call.body(DatabaseCertRequest.class)));
  }

  Optional<Object> signOut(Call call) {
    if (call.caller() instanceof Caller.Person person) {
      signOut.signOut(person);
    }
    return Optional.empty();
  }

  private static String name(Call call) {
    return user(call).identity().user();
  }

  private static VerifiedUser user(Call call) {
    return switch (call.caller()) {
      case Caller.Person(VerifiedUser user) -> user;
      case Caller.Web(VerifiedUser user) -> user;
      case Caller.RouteHolder _, Caller.Part _, Caller.Admin _, Caller.Joining _ ->
          throw new IllegalStateException("the table let a caller in who is no user");
    };
  }
}
