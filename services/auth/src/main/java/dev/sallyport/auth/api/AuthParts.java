package dev.sallyport.auth.api;

import dev.sallyport.auth.access.AccessQuestions;
import dev.sallyport.auth.access.Peers;
import dev.sallyport.auth.access.Rules;
import dev.sallyport.auth.access.UserRoles;
import dev.sallyport.auth.audit.AuditIntake;
import dev.sallyport.auth.audit.AuditKeeper;
import dev.sallyport.auth.audit.AuditReader;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.issue.CertificateIssuer;
import dev.sallyport.auth.issue.DatabaseCertificates;
import dev.sallyport.auth.issue.DatabaseLists;
import dev.sallyport.auth.join.DatabaseAnnouncements;
import dev.sallyport.auth.join.HostIssuer;
import dev.sallyport.auth.join.JoinService;
import dev.sallyport.auth.join.ProxyAddresses;
import dev.sallyport.auth.locks.LockCheck;
import dev.sallyport.auth.locks.SignOut;
import dev.sallyport.auth.login.ConsoleService;
import dev.sallyport.auth.login.DeviceService;
import dev.sallyport.auth.login.FactorCheck;
import dev.sallyport.auth.login.InviteService;
import dev.sallyport.auth.login.LoginService;
import dev.sallyport.auth.login.PasswordService;
import dev.sallyport.auth.rotation.Rotations;
import dev.sallyport.auth.state.Authorities;
import dev.sallyport.auth.users.ResourceAdmin;
import dev.sallyport.auth.users.TokenAdmin;
import dev.sallyport.auth.users.UserAdmin;
import dev.sallyport.auth.watch.WatchService;
import dev.sallyport.auth.web.WebSessions;
import dev.sallyport.auth.web.WebSignIn;
import dev.sallyport.control.ClusterStatus;
import dev.sallyport.pki.IdentityVerifier;
import java.util.List;
import java.util.function.Supplier;

/// All that the door leads to.
public record AuthParts(
    Supplier<ClusterStatus> status,
    Keys keys,
    Who who,
    Admin admin,
    SignIn signIn,
    People people,
    Services services,
    Audit audit) {
  /// What is written down, and how it is found again.
  public record Audit(AuditTrail trail, AuditReader reader, AuditKeeper keeper) {}

  /// The authorities, and whom they sign for.
  public record Keys(Authorities authorities, HostIssuer hosts, Rotations rotations) {}

  /// How callers are known and judged.
  public record Who(
      IdentityVerifier verifier,
      Peers peers,
      UserRoles users,
      Rules rules,
      LockCheck locks,
      AccessQuestions questions) {}

  /// What administrators work with.
  public record Admin(ResourceAdmin resources, UserAdmin users, TokenAdmin tokens) {}

  /// How people prove who they are.
  public record SignIn(
      LoginService login,
      InviteService invites,
      DeviceService devices,
      ConsoleService console,
      FactorCheck factors,
      PasswordService passwords,
      WebSignIn web) {}

  /// What people work with.
  public record People(
      CertificateIssuer issuer,
      DatabaseCertificates databases,
      DatabaseLists lists,
      WebSessions webSessions,
      SignOut signOut) {}

  /// What the parts of the cluster work with.
  public record Services(
      JoinService joins,
      DatabaseAnnouncements announcements,
      ProxyAddresses proxies,
      AuditIntake intake,
      WatchService watch) {}

  List<RouteEntry> routes() {
    return RouteTable.of(
        new AdminRoutes(
            who.rules, admin.resources, admin.users, admin.tokens, audit.trail, who.questions),
        new AuditRoutes(who.rules, audit.reader, audit.keeper),
        new PersonRoutes(signIn, people),
        new ServiceRoutes(status, new ServiceRoutes.Hosts(who.peers, who.locks), services),
        new WebRoutes(signIn.web, people.webSessions),
        new AuthorityRoutes(who.rules, keys.authorities, keys.hosts, keys.rotations, audit.trail));
  }

  Gate gate(StrangerLog strangers) {
    return new Gate(who.peers, who.users, who.locks, audit.trail, strangers);
  }
}
