package dev.sallyport.auth;

import dev.sallyport.auth.api.AuthPatience;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.DatabaseCert;
import dev.sallyport.control.DatabaseCertRequest;
import dev.sallyport.control.DatabaseHeartbeat;
import dev.sallyport.control.InviteCreated;
import dev.sallyport.control.JoinRequest;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.control.WebCertificateRequest;
import dev.sallyport.control.WebSignInRequest;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.model.SecondFactor;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.resources.ResourceJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A running Auth Service and everybody who talks to it.
final class Cluster implements AutoCloseable {
  static final String NAME = "example.com";
  static final String PASSWORD = "correct horse battery";
  static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  final Path folder;
  private final Optional<AuthPreference> preference;
  private final Optional<Path> breached;
  private volatile Instant now = START;
  final InstantSource clock = () -> now;
  private final Deque<ControlClient> clients = new ArrayDeque<>();
  private final AuthPatience patience;
  private AuthService auth;

  Cluster(Path folder) throws IOException {
    this(folder, Optional.empty());
  }

  /// With what the config file says of signing in.
  Cluster(Path folder, Optional<AuthPreference> preference) throws IOException {
    this(folder, preference, Optional.empty());
  }

  /// And with a list of passwords that nobody may choose.
  Cluster(Path folder, Optional<AuthPreference> preference, Optional<Path> breached)
      throws IOException {
    this(folder, preference, breached, AuthPatience.DEFAULT);
  }

  /// And one that waits for its clients no longer than this.
  Cluster(
      Path folder,
      Optional<AuthPreference> preference,
      Optional<Path> breached,
      AuthPatience patience)
      throws IOException {
    this.patience = patience;
    this.folder = folder;
    this.preference = preference;
    this.breached = breached;
    this.auth = begin();
  }

  /// A cluster that takes codes and keys.
  ///
  /// @param required whether everybody needs one to sign in
  /// @param session whether every database session needs one
  static AuthPreference factors(boolean required, boolean session) {
    var usual = AuthPreference.DEFAULT;
    return new AuthPreference(
        usual.metadata(),
        usual.signIn(),
        new AuthPreference.SecondFactors(
            List.of(SecondFactor.WEBAUTHN, SecondFactor.OTP), required, Optional.empty()),
        new AuthPreference.Sessions(
            usual.sessions().defaultTtl(), session, usual.sessions().lockingMode(), false),
        Optional.empty(),
        Map.of());
  }

  static AuthConfig config(Path folder) {
    return config(folder, Optional.empty(), Optional.empty());
  }

  private static AuthConfig config(
      Path folder, Optional<AuthPreference> preference, Optional<Path> breached) {
    return new AuthConfig(
        folder,
        Optional.of(NAME),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        Optional.of("proxy.example.com:443"),
        "auth-host",
        List.of(),
        preference,
        breached,
        AuthConfig.Audit.DEFAULT,
        "1.0.0");
  }

  private AuthService begin() throws IOException {
    return AuthService.start(
        config(folder, preference, breached), patience, clock, new SecureRandom());
  }

  AuthService auth() {
    return auth;
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  void restart() throws IOException {
    closeClients();
    auth.close();
    auth = begin();
  }

  ControlClient client(TlsIdentity identity) {
    var verifier = new IdentityVerifier(auth::trust, clock);
    var client =
        new ControlClient(
            new ControlEndpoint("127.0.0.1", auth.boundPort()), identity, verifier, NAME);
    clients.add(client);
    return client;
  }

  /// A client that trusts what it brings and nothing else. The caller closes it.
  ControlClient dial(IdentityFile who) {
    return new ControlClient(
        new ControlEndpoint("127.0.0.1", auth.boundPort()),
        who.identity(),
        new IdentityVerifier(who::trust, clock),
        NAME);
  }

  TlsIdentity adminIdentity() throws IOException {
    return IdentityFile.read(folder.resolve("admin.pem")).identity();
  }

  ControlClient admin() throws IOException {
    return client(adminIdentity());
  }

  TlsIdentity proxyIdentity() {
    return auth.localHostIdentity(SystemRole.PROXY, Set.of("localhost", "127.0.0.1")).identity();
  }

  ControlClient proxy() {
    return client(proxyIdentity());
  }

  /// A user with these roles and the usual password.
  void user(String name, String... roles) throws IOException {
    var invite =
        admin().createUser(new CreateUserRequest(name, List.of(roles), Map.of(), Optional.empty()));
    proxy().setPassword(token(invite), new SetPasswordRequest(Secret.of(PASSWORD), "192.0.2.1"));
  }

  static String token(InviteCreated invite) {
    var url = invite.url().reveal();
    return url.substring(url.lastIndexOf('/') + 1);
  }

  static LoginRequest login(String user, String password, KeyPair keys) {
    return new LoginRequest(
        user,
        Secret.of(password),
        Optional.empty(),
        Pem.encode(keys.getPublic()),
        Optional.empty(),
        "192.0.2.1");
  }

  TlsIdentity signIn(String user) throws IOException {
    var keys = KeyPairs.generate();
    var result = proxy().login(login(user, PASSWORD, keys));
    return new TlsIdentity(keys.getPrivate(), List.of(Pem.certificate(result.certificate())));
  }

  /// A browser that a user signed in with, and the certificate that a Proxy got for it.
  Browser webSession(String user) throws IOException {
    var request =
        new WebSignInRequest(
            user, Secret.of(PASSWORD), Optional.empty(), Optional.empty(), "192.0.2.1");
    var session = proxy().webSignIn(request).session();
    var keys = KeyPairs.generate();
    var wanted = new WebCertificateRequest(session, Pem.encode(keys.getPublic()), "192.0.2.1");
    var certificate = Pem.certificate(proxy().webCertificate(wanted).certificate());
    return new Browser(session, new TlsIdentity(keys.getPrivate(), List.of(certificate)));
  }

  record Browser(Secret session, TlsIdentity identity) {}

  /// A host that joined with a fresh token.
  Joined join(SystemRole role, String... databases) throws IOException {
    var token =
        admin()
            .createToken(
                new CreateTokenRequest(
                    List.of(role.wireName()),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(databases)));
    var keys = KeyPairs.generate();
    var result = proxy().join(joining(Secret.of(token.metadata().name()), role.wireName(), keys));
    return new Joined(
        result.hostId(),
        new TlsIdentity(keys.getPrivate(), List.of(Pem.certificate(result.certificate()))));
  }

  static JoinRequest joining(Secret token, String role, KeyPair keys) {
    return new JoinRequest(
        token, role, Pem.encode(keys.getPublic()), Optional.empty(), "node", "192.0.2.9");
  }

  record Joined(String hostId, TlsIdentity identity) {}

  /// A role that gives all databases with the label `env: dev`.
  static Role devRole(String name) {
    return new Role(
        Metadata.named(name),
        Role.CURRENT_VERSION,
        RoleOptions.DEFAULT,
        new RoleConditions(
            new LabelSelector(Map.of("env", List.of("dev"))), List.of("ReadOnly"), List.of()),
        RoleConditions.NONE);
  }

  static Database database(String name, String env) {
    return new Database(
        Metadata.named(name).withLabels(Map.of("env", env)),
        "dynamodb",
        Optional.empty(),
        new DatabaseAws(
            "us-east-1",
            "123456789012",
            Optional.empty(),
            Optional.of("canary-external-id"),
            Map.of()),
        DatabaseTls.SYSTEM);
  }

  static DatabaseHeartbeat heartbeat(Database... databases) {
    return new DatabaseHeartbeat(
        "agent-1",
        "1.0.0",
        List.of(databases).stream()
            .<tools.jackson.databind.JsonNode>map(ResourceJson::toJson)
            .toList());
  }

  static DatabaseCertRequest forDatabase(String name, KeyPair keys) {
    return new DatabaseCertRequest(
        name, "ReadOnly", Optional.empty(), Pem.encode(keys.getPublic()), Optional.empty());
  }

  /// A certificate for a database that exists and is visible to the user.
  DatabaseRoute route(TlsIdentity login, String database) throws IOException {
    var keys = KeyPairs.generate();
    var cert = client(login).databaseCert(forDatabase(database, keys));
    return new DatabaseRoute(
        cert, new TlsIdentity(keys.getPrivate(), List.of(Pem.certificate(cert.certificate()))));
  }

  record DatabaseRoute(DatabaseCert cert, TlsIdentity identity) {}

  private void closeClients() {
    while (!clients.isEmpty()) {
      clients.pop().close();
    }
  }

  @Override
  public void close() {
    closeClients();
    auth.close();
  }
}
