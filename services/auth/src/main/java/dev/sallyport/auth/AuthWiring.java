package dev.sallyport.auth;

import dev.sallyport.audit.KeyedHash;
import dev.sallyport.auth.access.AccessQuestions;
import dev.sallyport.auth.access.Peers;
import dev.sallyport.auth.access.Rules;
import dev.sallyport.auth.access.UserRoles;
import dev.sallyport.auth.api.AuthParts;
import dev.sallyport.auth.audit.AuditArchive;
import dev.sallyport.auth.audit.AuditIntake;
import dev.sallyport.auth.audit.AuditKeeper;
import dev.sallyport.auth.audit.AuditReader;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.audit.ChainWitness;
import dev.sallyport.auth.audit.Outbox;
import dev.sallyport.auth.export.Exporters;
import dev.sallyport.auth.issue.CertificateIssuer;
import dev.sallyport.auth.issue.DatabaseCertificates;
import dev.sallyport.auth.issue.DatabaseLists;
import dev.sallyport.auth.issue.SessionFactors;
import dev.sallyport.auth.join.DatabaseAnnouncements;
import dev.sallyport.auth.join.HostIssuer;
import dev.sallyport.auth.join.JoinService;
import dev.sallyport.auth.join.ProxyAddresses;
import dev.sallyport.auth.join.aws.CallerCheck;
import dev.sallyport.auth.join.aws.InstanceCheck;
import dev.sallyport.auth.locks.LockCheck;
import dev.sallyport.auth.locks.SignOut;
import dev.sallyport.auth.login.BreachedList;
import dev.sallyport.auth.login.BreachedPasswords;
import dev.sallyport.auth.login.ConsoleService;
import dev.sallyport.auth.login.DeviceService;
import dev.sallyport.auth.login.FactorCheck;
import dev.sallyport.auth.login.FailureBrake;
import dev.sallyport.auth.login.InviteService;
import dev.sallyport.auth.login.LoginService;
import dev.sallyport.auth.login.PasswordHasher;
import dev.sallyport.auth.login.PasswordService;
import dev.sallyport.auth.login.SignInCheck;
import dev.sallyport.auth.mfa.Enrollments;
import dev.sallyport.auth.mfa.SealedTokens;
import dev.sallyport.auth.mfa.SecondFactors;
import dev.sallyport.auth.mfa.SignInRules;
import dev.sallyport.auth.rotation.Rotations;
import dev.sallyport.auth.state.Authorities;
import dev.sallyport.auth.state.ClusterKey;
import dev.sallyport.auth.state.ConsoleState;
import dev.sallyport.auth.state.CredentialState;
import dev.sallyport.auth.state.HostState;
import dev.sallyport.auth.state.InstanceState;
import dev.sallyport.auth.state.MfaState;
import dev.sallyport.auth.state.PreferenceState;
import dev.sallyport.auth.state.ProxyState;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.auth.state.WebSessionState;
import dev.sallyport.auth.users.ListPages;
import dev.sallyport.auth.users.ResourceAdmin;
import dev.sallyport.auth.users.TokenAdmin;
import dev.sallyport.auth.users.UserAdmin;
import dev.sallyport.auth.watch.WatchService;
import dev.sallyport.auth.web.WebSessions;
import dev.sallyport.auth.web.WebSignIn;
import dev.sallyport.control.ClusterStatus;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.SecondFactor;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.authority.SigningKeyPair;
import dev.sallyport.store.StateStore;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/// Makes the parts of the Auth Service and connects them; starts nothing. In the order of a call:
/// who is it, what may they, what is done, what is kept.
final class AuthWiring {
  private static final String PROXY_PLACEHOLDER = "<proxyhost>:3080";

  private final AuthConfig config;
  private final InstantSource clock;
  private final SecureRandom random;
  private final StateStore store;
  private final Authorities authorities;
  private final ResourceState resources;
  private final CredentialState credentials;
  private final PreferenceState preference;
  private final UserRoles userRoles;
  private final FailureBrake brake;
  private final BreachedPasswords breached;
  private final Records records;
  private final AuditArchive archive;
  private final AuditTrail audit;
  private final ProxyAddresses proxies;
  private final SealedTokens tokens;
  private final ListPages pages;
  private final CallerCheck callers;

  AuthWiring(
      AuthConfig config,
      InstantSource clock,
      SecureRandom random,
      StateStore store,
      Authorities authorities,
      Records records)
      throws IOException {
    this.config = config;
    this.clock = clock;
    this.random = random;
    this.store = store;
    this.authorities = authorities;
    this.resources = ResourceState.cached(store, clock);
    this.credentials = new CredentialState(store);
    this.preference = new PreferenceState(resources);
    this.userRoles = new UserRoles(resources);
    this.brake = new FailureBrake(clock);
    this.breached =
        config.breachedPasswords().isPresent()
            ? BreachedList.open(config.breachedPasswords().get())
            : BreachedPasswords.NONE;
    this.proxies = new ProxyAddresses(config.proxyPublicAddress(), new ProxyState(store), clock);
    this.tokens = new SealedTokens(ClusterKey.ofSignIn(store, random), random, clock);
    this.pages = new ListPages(tokens, clock);
    this.callers = CallerCheck.of(config.hosts().env(), clock, random);
    this.records = records;
    this.archive = records.archive();
    this.audit =
        new AuditTrail(
            this.archive.own(),
            new Outbox(store, this.archive.own()),
            authorities.clusterName(),
            clock);
  }

  /// Where events are kept, and where they are copied to.
  record Records(AuditArchive archive, Exporters exporters) {}

  AuthParts parts(HostIssuer hosts, WatchService watch) {
    var verifier = new IdentityVerifier(authorities::trust, clock);
    var locks = new LockCheck(store, clock);
    var issuer =
        new CertificateIssuer(authorities, resources, locks, audit, preference::current, clock);
    var webSessions =
        new WebSessions(
            new WebSessionState(store),
            resources,
            credentials,
            issuer,
            new WebSessions.Times(clock, this::webIdle),
            random);
    var who =
        new AuthParts.Who(
            verifier,
            new Peers(verifier, new HostState(store), webSessions::open),
            userRoles,
            new Rules(userRoles),
            locks,
            new AccessQuestions(resources, locks, this::mfaRequired, authorities.clusterName()));
    var services =
        new AuthParts.Services(
            new JoinService(
                authorities,
                new JoinService.Tokens(resources, config.staticTokens(), locks),
                new JoinService.Aws(
                    callers,
                    new InstanceCheck(
                        config.hosts().ec2Certificates(), new InstanceState(store), clock)),
                hosts,
                audit),
            new DatabaseAnnouncements(store, resources, clock),
            proxies,
            new AuditIntake(archive, audit, authorities.clusterName(), hashKey()),
            watch);
    var signIn = signIn(issuer, webSessions);
    var factors = new SessionFactors(this::mfaRequired, signIn.factors()::factor);
    return new AuthParts(
        this::status,
        new AuthParts.Keys(authorities, hosts, new Rotations(authorities, audit, clock)),
        who,
        admin(),
        signIn,
        new AuthParts.People(
            issuer,
            new DatabaseCertificates(issuer, userRoles, resources, verifier, factors, clock),
            new DatabaseLists(userRoles, resources, pages),
            webSessions,
            new SignOut(resources, audit, clock)),
        services,
        written());
  }

  private AuthParts.Audit written() {
    var witness = new ChainWitness(store);
    return new AuthParts.Audit(
        audit,
        new AuditReader(archive.store(), witness, KeyedHash.under(hashKey())),
        new AuditKeeper(
            archive, audit, witness, config.audit().retention(), records.exporters(), clock));
  }

  private Secret hashKey() {
    return ClusterKey.ofAudit(store, random).hex();
  }

  private ClusterStatus status() {
    return new ClusterStatus(
        authorities.clusterName(),
        config.version(),
        authorities.trust().pins().stream().map(CaPin::toString).toList());
  }

  private AuthParts.Admin admin() {
    var links = new UserAdmin.Links(() -> proxies.known().orElse(PROXY_PLACEHOLDER), clock, random);
    return new AuthParts.Admin(
        ResourceAdmin.of(
            new ResourceAdmin.Kept(resources, credentials, pages),
            userRoles,
            brake,
            audit,
            clock,
            () -> SigningKeyPair.create(authorities.clusterName(), clock, random)),
        new UserAdmin(resources, credentials, brake, audit, links),
        new TokenAdmin(audit, clock, random));
  }

  private AuthParts.SignIn signIn(CertificateIssuer issuer, WebSessions webSessions) {
    var devices = new MfaState(store);
    var factors = new SecondFactors(devices, tokens, this::rules, random, clock);
    var hasher = new PasswordHasher(random, breached);
    var secrets = new SignInCheck.Secrets(credentials, hasher, devices);
    var check = new SignInCheck(resources, secrets, factors, brake, audit);
    var again = new FactorCheck(secrets, factors, tokens, brake, audit);
    var enrollments =
        new Enrollments(
            factors,
            devices,
            tokens,
            new Enrollments.Place(authorities.clusterName(), random),
            clock);
    return new AuthParts.SignIn(
        new LoginService(check, factors, issuer, audit),
        new InviteService(credentials, hasher, enrollments, this::rules, audit, clock),
        new DeviceService(devices, factors, enrollments, again, audit),
        new ConsoleService(
            new ConsoleState(store),
            check,
            again,
            new ConsoleService.Issue(issuer, resources::user, tokens, random, clock),
            audit),
        again,
        new PasswordService(secrets, again, audit, clock),
        new WebSignIn(check, webSessions, issuer, audit));
  }

  private Duration webIdle() {
    return preference.current().sessions().idle().web().orElse(AuthPreference.Idle.WEB_USUAL);
  }

  private boolean mfaRequired() {
    return preference.current().sessions().requireMfa();
  }

  private SignInRules rules() {
    var now = preference.current();
    var factors = now.secondFactors();
    return new SignInRules(
        now.signIn().local(),
        factors.allows(SecondFactor.OTP),
        factors.allows(SecondFactor.WEBAUTHN),
        factors.required(),
        now.signIn().passwordless(),
        factors.relyingParty(proxies.known()));
  }
}
