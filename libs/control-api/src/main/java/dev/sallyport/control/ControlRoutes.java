package dev.sallyport.control;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/// The paths of the control API and of the Proxy's public API. Names in braces stand for one path
/// segment; the methods fill them in. A resource's own name may have two segments, as `<host
/// id>/<database>` has, so servers match it with the rest of the path.
public final class ControlRoutes {
  /// GET → [ClusterStatus]. Any identity of the cluster.
  public static final String STATUS = "/v1/status";

  /// POST creates, PUT updates by revision; both take resource JSON and answer with it. The query
  /// is a [WriteMode].
  public static final String RESOURCES = "/v1/resources";

  /// GET → [ResourceList]; `?with_secrets=true` adds what is else left out.
  public static final String RESOURCES_OF_KIND = "/v1/resources/{kind}";

  /// GET → resource JSON; DELETE with a [WriteMode]. In Javalin `/v1/resources/{kind}/<name>`.
  public static final String RESOURCE = "/v1/resources/{kind}/{name}";

  /// POST [CreateUserRequest] → [InviteCreated].
  public static final String USERS = "/v1/users";

  /// PATCH [UpdateUserRequest] → user resource JSON.
  public static final String USER = "/v1/users/{name}";

  /// POST [ResetUserRequest] → [InviteCreated].
  public static final String USER_RESET = "/v1/users/{name}/reset";

  /// POST [CreateTokenRequest] → token resource JSON, its name being the secret.
  public static final String TOKENS = "/v1/tokens";

  /// GET `?user=…&db=…&db_user=…` → [AccessExplained]; `&mfa=true` supposes a second factor.
  public static final String ACCESS_EXPLAIN = "/v1/access/explain";

  /// GET → [DatabaseAccessList] of the calling user. `query`: only those of which this condition
  /// holds.
  public static final String DATABASES = "/v1/databases";

  /// POST [DatabaseCertRequest] → [DatabaseCert]. Users only.
  public static final String DATABASE_CERTIFICATES = "/v1/certificates/database";

  /// GET → [MfaDeviceList] of the calling user; POST [BeginDeviceRequest] → [Enrollment]. Users
  /// only.
  public static final String MFA_DEVICES = "/v1/mfa/devices";

  /// POST [EnrollmentAnswer] → [MfaDevice]: the device that was begun is registered. Users only.
  public static final String MFA_DEVICES_FINISH = "/v1/mfa/devices/finish";

  /// POST [RemoveDeviceRequest]. Users only, and not the last one where one is required.
  public static final String MFA_DEVICE_REMOVE = "/v1/mfa/devices/{id}/remove";

  /// POST [ChangePasswordRequest]. Users only.
  public static final String PASSWORD = "/v1/account/password";

  /// POST `{}` → [MfaChallenge] that the calling user's own devices can answer. Users only.
  public static final String MFA_CHALLENGES = "/v1/mfa/challenges";

  /// POST [ConsoleStart] → [ConsoleStarted]: a browser shall confirm a second factor of the calling
  /// user. The answer is a ticket for [MfaProof]. Users only.
  public static final String MFA_CONSOLE = "/v1/mfa/console";

  /// DELETE ends the sign-in of the calling user's certificate. Users only.
  public static final String SIGN_IN = "/v1/sign-in";

  /// POST [SignUserRequest] → [UserCert]. Admin only.
  public static final String USER_CERTIFICATES = "/v1/certificates/user";

  /// POST [RenewHostRequest] → [HostCert]. Roles Db and Proxy, each for itself.
  public static final String HOST_CERTIFICATES = "/v1/certificates/host";

  /// POST [RotateRequest] → resource JSON of the authority.
  public static final String ROTATION = "/v1/authorities/rotation";

  /// GET → [Trust], of the host authorities alone. Any identity of the cluster.
  public static final String TRUST = "/v1/trust";

  /// PUT [DatabaseHeartbeat] → [HeartbeatAck]; DELETE. Role Db.
  public static final String DATABASE_HEARTBEATS = "/v1/heartbeat/databases";

  /// POST [JournalBatch], as [JournalWire] or as JSON throughout, → [JournalAck]. Role Db. Auth
  /// answers after a full commit. A batch that leaves out records is taken, and the gap is put on
  /// record; one that contradicts what Auth has of its chain is refused with COMPARE_FAILED, and
  /// the agent begins a new epoch.
  public static final String AUDIT_JOURNAL = "/v1/audit/journal";

  /// GET → [AuditKeyAnswer]. Role Db.
  public static final String AUDIT_KEY = "/v1/audit/key";

  /// GET `?from=…&to=…&user=…&key=…&before=…&limit=…` → [AuditPage]. `key` is the name of a key
  /// attribute, `=` and its value.
  public static final String AUDIT_SEARCH = "/v1/audit/search";

  /// GET `?after=…&user=…` → [AuditTail].
  public static final String AUDIT_TAIL = "/v1/audit/tail";

  /// GET `?from=…&to=…&user=…&limit=…` → [AuditSessionList].
  public static final String AUDIT_SESSIONS = "/v1/audit/sessions";

  /// GET `?by=…&from=…&to=…&limit=…` → [AuditTop].
  public static final String AUDIT_TOP = "/v1/audit/top";

  /// GET `?from=…&to=…` → [AuditChainList].
  public static final String AUDIT_CHAINS = "/v1/audit/chains";

  /// GET `?name=…&from=…&limit=…` → [AuditChainPage].
  public static final String AUDIT_CHAIN = "/v1/audit/chain";

  /// GET `?after=…` → [AuditIndexPage].
  public static final String AUDIT_INDEX = "/v1/audit/index";

  /// GET → [AuditState].
  public static final String AUDIT_STATE = "/v1/audit/state";

  /// POST [AuditBatch] → [AuditAccepted]. Roles Db and Proxy.
  public static final String AUDIT_EVENTS = "/v1/audit/events";

  /// GET `?kinds=…&since=…` → lines of [WatchEvent] without end. Roles Db and Proxy.
  public static final String WATCH = "/v1/watch";

  /// `POST`: joins, with a [dev.sallyport.pki.authority.JoinCertificate].
  public static final String JOIN = "/v1/join";

  /// POST [JoinChallengeRequest] → [JoinChallenge], with the same certificate.
  public static final String JOIN_CHALLENGE = "/v1/join/challenge";

  /// `PUT`: by what addresses clients reach a Proxy.
  public static final String PROXY_HEARTBEATS = "/v1/heartbeat/proxy";

  /// POST [LoginRequest] → [LoginResult]. Role Proxy.
  public static final String PROXY_LOGIN = "/v1/proxy/login";

  /// POST [LoginBeginRequest] → [MfaChallenge]: what the second factor of a sign-in has to answer.
  /// Looks alike for every name. Role Proxy, as are all below.
  public static final String PROXY_LOGIN_BEGIN = "/v1/proxy/login/begin";

  /// POST [ConsoleStartRequest] → [ConsoleStarted]: tsh asks for a browser to sign in with.
  ///
  /// The way of it: tsh opens `https://<proxy><page>` in a browser. The page reads what is asked
  /// ([#PROXY_CONSOLE_REQUEST]), shows it, and has the user prove who they are
  /// ([#PROXY_LOGIN_BEGIN], then [#PROXY_CONSOLE_SIGN_IN]). Then the user approves or rejects, and
  /// the browser goes where the answer says, which is a port of the user's own machine. A request
  /// is answered once, within 3 minutes; a rejected one stays rejected.
  public static final String PROXY_CONSOLE = "/v1/proxy/console";

  /// GET → [ConsoleInfo], as long as the request is open; NotFound when it was answered, has
  /// expired or never was.
  public static final String PROXY_CONSOLE_REQUEST = "/v1/proxy/console/{id}";

  /// POST [ConsoleSignIn] → [ConsoleTicket]: the person at the browser proves who they are. Errors
  /// are those of a sign-in.
  public static final String PROXY_CONSOLE_SIGN_IN = "/v1/proxy/console/{id}/sign-in";

  /// POST [ConsoleApproval] → [ConsoleAnswer].
  public static final String PROXY_CONSOLE_APPROVE = "/v1/proxy/console/{id}/approve";

  /// POST `{}` → [ConsoleAnswer].
  public static final String PROXY_CONSOLE_REJECT = "/v1/proxy/console/{id}/reject";

  /// POST [ConsoleCancel]: tsh does not wait any more.
  public static final String PROXY_CONSOLE_CANCEL = "/v1/proxy/console/{id}/cancel";

  /// POST [JoinRequest] → [JoinResult]. Role Proxy.
  public static final String PROXY_JOIN = "/v1/proxy/join";

  /// POST [TokenQuestion] → [TokenLabels]. Role Proxy.
  public static final String PROXY_TOKEN = "/v1/proxy/token";

  /// POST [JoinChallengeRequest] → [JoinChallenge]. Role Proxy.
  public static final String PROXY_JOIN_CHALLENGE = "/v1/proxy/join/challenge";

  /// GET → [InviteInfo]; POST [SetPasswordRequest]. Role Proxy.
  public static final String PROXY_INVITE = "/v1/proxy/invites/{token}";

  /// POST [EnrollRequest] → [Enrollment]: begins to register a device behind a link; its answer
  /// goes with the password. Role Proxy.
  public static final String PROXY_INVITE_ENROLL = "/v1/proxy/invites/{token}/enroll";

  /// POST [WebSignInRequest] → [WebSessionCreated]. Role Proxy.
  public static final String PROXY_WEB_SESSIONS = "/v1/proxy/web/sessions";

  /// POST [WebCertificateRequest] → [WebCertificate]. Role Proxy.
  public static final String PROXY_WEB_CERTIFICATES = "/v1/proxy/web/certificates";

  /// POST [EndWebSessionRequest]. Role Proxy.
  public static final String PROXY_WEB_SESSION_END = "/v1/proxy/web/sessions/end";

  /// GET → [Ping] without ways to sign in. Public, as are all below; also without `/v1`.
  public static final String WEB_FIND = "/v1/webapi/find";

  /// GET → [Ping].
  public static final String WEB_PING = "/v1/webapi/ping";

  /// What everybody shall read before they sign in.
  public static final String WEB_MOTD = "/v1/webapi/motd";

  /// POST [WebLoginRequest] → [LoginResult].
  public static final String WEB_LOGIN = "/v1/webapi/mfa/login/finish";

  /// POST [WebLoginBegin] → [MfaChallenge].
  public static final String WEB_LOGIN_BEGIN = "/v1/webapi/mfa/login/begin";

  /// POST [ConsoleStart] → [ConsoleStarted].
  public static final String WEB_CONSOLE = "/v1/webapi/console/login";

  /// POST [ConsoleCancel].
  public static final String WEB_CONSOLE_CANCEL = "/v1/webapi/console/login/{id}/cancel";

  /// POST [WebJoinRequest] → [JoinResult].
  public static final String WEB_JOIN = "/v1/webapi/host/join";

  /// POST [JoinChallengeRequest] → [JoinChallenge].
  public static final String WEB_JOIN_CHALLENGE = "/v1/webapi/host/join/challenge";

  /// GET, a WebSocket whose binary messages are the bytes of a connection to the Proxy's port. Also
  /// with `/v1`, which is not what our own clients dial: operators' rules name this one.
  public static final String WEB_UPGRADE = "/webapi/connectionupgrade";

  /// The page of an invitation. Without `/v1`.
  public static final String WEB_INVITE_PAGE = "/web/invite/{token}";

  /// The page of a password reset. Without `/v1`.
  public static final String WEB_RESET_PAGE = "/web/reset/{token}";

  private ControlRoutes() {}

  /// The path of a kind's resources.
  public static String resources(String kind) {
    return RESOURCES + "/" + segment(kind);
  }

  /// Another page of a list.
  ///
  /// @param path of the list, with its query if it has one
  /// @param page as the page before told
  static String page(String path, String page) {
    return path + (path.contains("?") ? "&" : "?") + "page=" + query(page);
  }

  /// The path of one resource; a slash in the name stays a slash.
  public static String resource(String kind, String name) {
    return resources(kind)
        + "/"
        + Arrays.stream(name.split("/", -1))
            .map(ControlRoutes::segment)
            .collect(Collectors.joining("/"));
  }

  /// The path of one user.
  public static String user(String name) {
    return USERS + "/" + segment(name);
  }

  /// The path of a user's reset.
  public static String userReset(String name) {
    return user(name) + "/reset";
  }

  /// The path of an invitation.
  public static String proxyInvite(String token) {
    return "/v1/proxy/invites/" + segment(token);
  }

  /// The path that begins a device behind an invitation.
  public static String proxyInviteEnroll(String token) {
    return proxyInvite(token) + "/enroll";
  }

  /// A route of one console request, such as [#PROXY_CONSOLE_APPROVE].
  public static String console(String route, String id) {
    return route.replace("{id}", segment(id));
  }

  /// The path that removes a device.
  public static String mfaDeviceRemove(String id) {
    return MFA_DEVICE_REMOVE.replace("{id}", segment(id));
  }

  /// The path that explains one access.
  public static String accessExplain(String user, String database, String dbUser, boolean mfa) {
    return ACCESS_EXPLAIN
        + "?user="
        + query(user)
        + "&db="
        + query(database)
        + "&db_user="
        + query(dbUser)
        + (mfa ? "&mfa=true" : "");
  }

  /// The databases of the calling user of which a condition holds.
  public static String databases(String query) {
    return DATABASES + "?query=" + query(query);
  }

  /// The same public path without `/v1`, which is served too.
  public static String withoutVersion(String webRoute) {
    return webRoute.startsWith("/v1/") ? webRoute.substring(3) : webRoute;
  }

  /// One path segment with everything encoded that means something in a URL.
  static String segment(String text) {
    if (text.isEmpty() || text.equals(".") || text.equals("..")) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "'" + text + "' is not a name");
    }
    return query(text);
  }

  /// A query value.
  static String query(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
