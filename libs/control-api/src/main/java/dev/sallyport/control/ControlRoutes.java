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

  /// POST creates (`?force=true` replaces), PUT updates by revision; both take resource JSON and
  /// answer with it.
  public static final String RESOURCES = "/v1/resources";

  /// GET → [ResourceList]; `?with_secrets=true` adds what is else left out.
  public static final String RESOURCES_OF_KIND = "/v1/resources/{kind}";

  /// GET → resource JSON; DELETE. In Javalin `/v1/resources/{kind}/<name>`.
  public static final String RESOURCE = "/v1/resources/{kind}/{name}";

  /// POST [CreateUserRequest] → [InviteCreated].
  public static final String USERS = "/v1/users";

  /// PATCH [UpdateUserRequest] → user resource JSON.
  public static final String USER = "/v1/users/{name}";

  /// POST [ResetUserRequest] → [InviteCreated].
  public static final String USER_RESET = "/v1/users/{name}/reset";

  /// POST [CreateTokenRequest] → token resource JSON, its name being the secret.
  public static final String TOKENS = "/v1/tokens";

  /// GET → [DatabaseAccessList] of the calling user.
  public static final String DATABASES = "/v1/databases";

  /// POST [DatabaseCertRequest] → [DatabaseCert]. Users only.
  public static final String DATABASE_CERTIFICATES = "/v1/certificates/database";

  /// POST [SignUserRequest] → [UserCert]. Admin only.
  public static final String USER_CERTIFICATES = "/v1/certificates/user";

  /// PUT [DatabaseHeartbeat] → [HeartbeatAck]; DELETE. Role Db.
  public static final String DATABASE_HEARTBEATS = "/v1/heartbeat/databases";

  /// POST [JournalBatch] → [JournalAck]. Role Db. Auth answers after a full commit. A batch that
  /// leaves out records is taken, and the gap is put on record; one that contradicts what Auth has
  /// of its chain is refused with COMPARE_FAILED, and the agent begins a new epoch.
  public static final String AUDIT_JOURNAL = "/v1/audit/journal";

  /// POST [AuditBatch] → [AuditAccepted]. Roles Db and Proxy.
  public static final String AUDIT_EVENTS = "/v1/audit/events";

  /// GET `?kinds=…&since=…` → lines of [WatchEvent] without end. Roles Db and Proxy.
  public static final String WATCH = "/v1/watch";

  /// POST [LoginRequest] → [LoginResult]. Role Proxy.
  public static final String PROXY_LOGIN = "/v1/proxy/login";

  /// POST [JoinRequest] → [JoinResult]. Role Proxy.
  public static final String PROXY_JOIN = "/v1/proxy/join";

  /// GET → [InviteInfo]; POST [SetPasswordRequest]. Role Proxy.
  public static final String PROXY_INVITE = "/v1/proxy/invites/{token}";

  /// GET → [Ping] without ways to sign in. Public, as are all below; also without `/v1`.
  public static final String WEB_FIND = "/v1/webapi/find";

  /// GET → [Ping].
  public static final String WEB_PING = "/v1/webapi/ping";

  /// POST [WebLoginRequest] → [LoginResult].
  public static final String WEB_LOGIN = "/v1/webapi/mfa/login/finish";

  /// POST [WebJoinRequest] → [JoinResult].
  public static final String WEB_JOIN = "/v1/webapi/host/join";

  /// The page of an invitation. Without `/v1`.
  public static final String WEB_INVITE_PAGE = "/web/invite/{token}";

  /// The page of a password reset. Without `/v1`.
  public static final String WEB_RESET_PAGE = "/web/reset/{token}";

  private ControlRoutes() {}

  /// The path of a kind's resources.
  public static String resources(String kind) {
    return RESOURCES + "/" + segment(kind);
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
