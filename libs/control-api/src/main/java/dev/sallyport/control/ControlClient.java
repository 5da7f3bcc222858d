package dev.sallyport.control;

import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Kind;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.User;
import dev.sallyport.pki.IdentityBound;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.resources.InvalidDocument;
import dev.sallyport.resources.ResourceJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The Auth Service as its callers see it. Works alike at Auth's own port and through the Proxy's:
/// either way the other end must show the certificate of Auth, `auth.<cluster>`.
///
/// Calls block and may come from many threads. Each throws [ControlException] and nothing else:
/// `UNAVAILABLE` when there was no trusted answer in time: 30 seconds. Whoever made the client
/// closes it.
public final class ControlClient implements AutoCloseable {
  /// The application protocol by which a Proxy knows these connections.
  public static final String ALPN = "teleport-auth";

  private final JsonHttp http;

  /// A client that connects at its first call.
  public ControlClient(
      ControlEndpoint endpoint, TlsIdentity me, IdentityVerifier verifier, String clusterName) {
    this(endpoint, () -> me, verifier, clusterName);
  }

  /// As above, of somebody whose certificate is renewed: each call is made with the one of then,
  /// and those that are under way end with the one that they began with.
  public ControlClient(
      ControlEndpoint endpoint,
      Supplier<TlsIdentity> me,
      IdentityVerifier verifier,
      String clusterName) {
    this(Way.straight(endpoint), me, verifier, clusterName);
  }

  /// As above, on a way that may have to be found. Whoever made the way closes it.
  public ControlClient(
      Way way, Supplier<TlsIdentity> me, IdentityVerifier verifier, String clusterName) {
    this(way, me, verifier, clusterName, JsonHttp.ANSWER_TIMEOUT);
  }

  /// @param patience the longest that an answer is waited for
  ControlClient(
      ControlEndpoint endpoint,
      Supplier<TlsIdentity> me,
      IdentityVerifier verifier,
      String clusterName,
      Duration patience) {
    this(Way.straight(endpoint), me, verifier, clusterName, patience);
  }

  private ControlClient(
      Way way,
      Supplier<TlsIdentity> me,
      IdentityVerifier verifier,
      String clusterName,
      Duration patience) {
    var trust = PeerTrust.server(verifier, SystemRole.AUTH, "auth." + clusterName);
    this.http =
        new JsonHttp(
            way,
            "the Auth Service at " + way.server(),
            new IdentityBound<>(me, identity -> AlpnContext.of(Optional.of(identity), trust, ALPN)),
            List.of("TLSv1.3"),
            patience);
  }

  /// What the cluster is.
  public ClusterStatus status() {
    return http.get(ControlRoutes.STATUS, ClusterStatus.class);
  }

  /// All resources of a kind that the caller may read; secrets are left out unless asked for. They
  /// come page by page, so it is no snapshot.
  public List<Resource> list(Kind kind, boolean withSecrets) {
    var path = ControlRoutes.resources(kind.wireName()) + (withSecrets ? "?with_secrets=true" : "");
    return pages(
        path,
        ResourceList.class,
        ResourceList::next,
        page -> page.resources().stream().map(ControlClient::resource).toList());
  }

  /// What all pages of a list hold.
  private <P, T> List<T> pages(
      String path,
      Class<P> type,
      Function<P, Optional<String>> next,
      Function<P, List<T>> content) {
    var all = new ArrayList<T>();
    var page = http.get(path, type);
    all.addAll(content.apply(page));
    for (var more = next.apply(page); more.isPresent(); more = next.apply(page)) {
      page = http.get(ControlRoutes.page(path, more.get()), type);
      all.addAll(content.apply(page));
    }
    return all;
  }

  /// One resource.
  public Resource get(Kind kind, String name) {
    return get(kind, name, false);
  }

  /// One resource; secrets are left out unless asked for.
  public Resource get(Kind kind, String name, boolean withSecrets) {
    var path =
        ControlRoutes.resource(kind.wireName(), name) + (withSecrets ? "?with_secrets=true" : "");
    return resource(http.get(path, JsonNode.class));
  }

  /// Creates a resource; `force` replaces one that is there.
  public Resource create(Resource resource, boolean force) {
    return create(resource, force ? WriteMode.FORCE : WriteMode.PLAIN);
  }

  /// Creates a resource.
  public Resource create(Resource resource, WriteMode mode) {
    var path = ControlRoutes.RESOURCES + mode.query();
    return resource(http.call("POST", path, ResourceJson.toJson(resource), JsonNode.class));
  }

  /// Replaces a resource whose revision is still the given one's.
  public Resource update(Resource resource) {
    return update(resource, WriteMode.PLAIN);
  }

  /// Replaces a resource whose revision is still the given one's.
  public Resource update(Resource resource, WriteMode mode) {
    var path = ControlRoutes.RESOURCES + mode.query();
    return resource(http.call("PUT", path, ResourceJson.toJson(resource), JsonNode.class));
  }

  /// Deletes a resource.
  public void delete(Kind kind, String name) {
    delete(kind, name, WriteMode.PLAIN);
  }

  /// Deletes a resource; the one of its kind goes back to its default instead.
  public void delete(Kind kind, String name, WriteMode mode) {
    http.run("DELETE", ControlRoutes.resource(kind.wireName(), name) + mode.query(), null);
  }

  /// Creates a user who is yet to set a password.
  public InviteCreated createUser(CreateUserRequest request) {
    return http.call("POST", ControlRoutes.USERS, request, InviteCreated.class);
  }

  /// Changes a user's roles or traits.
  public User updateUser(String name, UpdateUserRequest request) {
    return updateUser(name, request, WriteMode.PLAIN);
  }

  /// Changes a user's roles or traits; of the mode only `confirm` counts.
  public User updateUser(String name, UpdateUserRequest request, WriteMode mode) {
    var path = ControlRoutes.user(name) + (mode.confirm() ? "?confirm=true" : "");
    var changed = http.call("PATCH", path, request, JsonNode.class);
    return as(User.class, resource(changed));
  }

  /// Ends a user's password and makes a link for a new one.
  public InviteCreated resetUser(String name, ResetUserRequest request) {
    return http.call("POST", ControlRoutes.userReset(name), request, InviteCreated.class);
  }

  /// Makes a join token.
  public ProvisionToken createToken(CreateTokenRequest request) {
    var made = http.call("POST", ControlRoutes.TOKENS, request, JsonNode.class);
    return as(ProvisionToken.class, resource(made));
  }

  /// What would come of a user's request for a database, and why.
  public AccessExplained explainAccess(String user, String database, String dbUser, boolean mfa) {
    return http.get(
        ControlRoutes.accessExplain(user, database, dbUser, mfa), AccessExplained.class);
  }

  /// The databases that the caller may see, by name. They come page by page.
  public List<DatabaseAccess> databases() {
    return databasesOf(ControlRoutes.DATABASES);
  }

  /// Those of them of which a condition holds.
  public List<DatabaseAccess> databases(String query) {
    return databasesOf(ControlRoutes.databases(query));
  }

  private List<DatabaseAccess> databasesOf(String path) {
    return pages(
        path, DatabaseAccessList.class, DatabaseAccessList::next, DatabaseAccessList::databases);
  }

  /// Ends the sign-in of this client's certificate.
  public void signOut() {
    http.run("DELETE", ControlRoutes.SIGN_IN, null);
  }

  /// A certificate for one database.
  public DatabaseCert databaseCert(DatabaseCertRequest request) {
    return http.call("POST", ControlRoutes.DATABASE_CERTIFICATES, request, DatabaseCert.class);
  }

  /// A certificate of a user for automation.
  public UserCert signUser(SignUserRequest request) {
    return http.call("POST", ControlRoutes.USER_CERTIFICATES, request, UserCert.class);
  }

  /// Another certificate for this host, in the role of the one that it calls with.
  public HostCert renewHost(RenewHostRequest request) {
    return http.call("POST", ControlRoutes.HOST_CERTIFICATES, request, HostCert.class);
  }

  /// The authorities that sign for hosts, as they are now.
  public Trust trust() {
    return http.get(ControlRoutes.TRUST, Trust.class);
  }

  /// Begins or goes on with the change of an authority's key.
  public CertAuthority rotate(RotateRequest request) {
    var changed = http.call("POST", ControlRoutes.ROTATION, request, JsonNode.class);
    return as(CertAuthority.class, resource(changed));
  }

  /// Tells which databases this host serves.
  public HeartbeatAck heartbeat(DatabaseHeartbeat heartbeat) {
    return http.call("PUT", ControlRoutes.DATABASE_HEARTBEATS, heartbeat, HeartbeatAck.class);
  }

  /// Tells that this host serves no database any more.
  public void endHeartbeat() {
    http.run("DELETE", ControlRoutes.DATABASE_HEARTBEATS, null);
  }

  /// Hands over a run of the agent's audit records.
  public JournalAck journal(JournalBatch batch) {
    return http.post(
        ControlRoutes.AUDIT_JOURNAL,
        JournalWire.CONTENT_TYPE,
        JournalWire.bytes(batch),
        JournalAck.class);
  }

  /// The cluster's key for hashes in records: 32 bytes in hexadecimal digits. For agents.
  public Secret auditKey() {
    return http.get(ControlRoutes.AUDIT_KEY, AuditKeyAnswer.class).key();
  }

  /// Asks the audit log.
  public AuditClient auditLog() {
    return new AuditClient(http);
  }

  /// Hands over audit events.
  public AuditAccepted audit(AuditBatch batch) {
    return http.call("POST", ControlRoutes.AUDIT_EVENTS, batch, AuditAccepted.class);
  }

  /// Passes on a sign-in. For the Proxy.
  public LoginResult login(LoginRequest request) {
    return http.call("POST", ControlRoutes.PROXY_LOGIN, request, LoginResult.class);
  }

  /// Passes on a host's wish for something to sign. For the Proxy.
  public JoinChallenge joinChallenge(JoinChallengeRequest request) {
    return http.call("POST", ControlRoutes.PROXY_JOIN_CHALLENGE, request, JoinChallenge.class);
  }

  /// Passes on a host's wish to join. For the Proxy.
  public JoinResult join(JoinRequest request) {
    return http.call("POST", ControlRoutes.PROXY_JOIN, request, JoinResult.class);
  }

  /// Passes on a question about a join token. For the Proxy.
  public TokenLabels tokenLabels(TokenQuestion question) {
    return http.call("POST", ControlRoutes.PROXY_TOKEN, question, TokenLabels.class);
  }

  /// Whom a link is for. For the Proxy.
  public InviteInfo invite(String token) {
    return http.get(ControlRoutes.proxyInvite(token), InviteInfo.class);
  }

  /// Sets the password behind a link. For the Proxy.
  public void setPassword(String token, SetPasswordRequest request) {
    http.run("POST", ControlRoutes.proxyInvite(token), request);
  }

  /// Begins to register a device behind a link. For the Proxy.
  public Enrollment enroll(String token, EnrollRequest request) {
    return http.call("POST", ControlRoutes.proxyInviteEnroll(token), request, Enrollment.class);
  }

  /// What a sign-in has to answer. For the Proxy.
  public MfaChallenge beginLogin(LoginBeginRequest request) {
    return http.call("POST", ControlRoutes.PROXY_LOGIN_BEGIN, request, MfaChallenge.class);
  }

  /// Requests of command-line tools for a browser. For the Proxy, but the last.
  public ConsoleClient console() {
    return new ConsoleClient(http);
  }

  /// The calling user's second factors.
  public MfaClient mfa() {
    return new MfaClient(http);
  }

  /// Signs a browser in. For the Proxy.
  public WebSessionCreated webSignIn(WebSignInRequest request) {
    return http.call("POST", ControlRoutes.PROXY_WEB_SESSIONS, request, WebSessionCreated.class);
  }

  /// A certificate for a browser's session. For the Proxy.
  public WebCertificate webCertificate(WebCertificateRequest request) {
    return http.call("POST", ControlRoutes.PROXY_WEB_CERTIFICATES, request, WebCertificate.class);
  }

  /// Ends a browser's session. For the Proxy.
  public void endWebSession(EndWebSessionRequest request) {
    http.run("POST", ControlRoutes.PROXY_WEB_SESSION_END, request);
  }

  /// Opens a watch of these kinds from a revision on, zero for a whole picture.
  WatchStream watch(Collection<Kind> kinds, long since, Duration silence) {
    var names = kinds.stream().map(Kind::wireName).sorted().collect(Collectors.joining(","));
    var path = ControlRoutes.WATCH + "?kinds=" + ControlRoutes.query(names) + "&since=" + since;
    return http.stream(path, silence);
  }

  /// Tells where clients reach this Proxy.
  public void announceProxy(ProxyHeartbeat heartbeat) {
    http.run("PUT", ControlRoutes.PROXY_HEARTBEATS, heartbeat);
  }

  /// Ends calls that are under way.
  @Override
  public void close() {
    http.close();
  }

  private static Resource resource(JsonNode json) {
    try {
      return ResourceJson.fromJson(json);
    } catch (InvalidDocument e) {
      throw new ControlException(
          ErrorKind.INTERNAL,
          "the Auth Service sent a resource that is not known here: " + e.getMessage(),
          e);
    }
  }

  private static <T extends Resource> T as(Class<T> type, Resource resource) {
    if (!type.isInstance(resource)) {
      throw new ControlException(
          ErrorKind.INTERNAL,
          "the Auth Service sent a resource of kind " + resource.kind().wireName());
    }
    return type.cast(resource);
  }
}
