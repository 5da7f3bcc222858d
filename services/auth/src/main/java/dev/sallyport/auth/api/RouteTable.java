package dev.sallyport.auth.api;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.PATCH;
import static io.javalin.http.HandlerType.POST;
import static io.javalin.http.HandlerType.PUT;

import dev.sallyport.auth.access.Access;
import dev.sallyport.control.ControlRoutes;
import java.util.ArrayList;
import java.util.List;

/// Every route of the Auth Service and who may call it: the one place where that is decided. What
/// is not in here does not exist.
final class RouteTable {
  /// A resource's name may have two parts, as `<host id>/<database>` has.
  private static final String RESOURCE = ControlRoutes.RESOURCES + "/{kind}/<name>";

  private RouteTable() {}

  static List<RouteEntry> of(
      AdminRoutes admin,
      AuditRoutes audit,
      PersonRoutes person,
      ServiceRoutes service,
      WebRoutes web,
      AuthorityRoutes authority) {
    var all = new ArrayList<RouteEntry>();
    all.addAll(callers(admin, audit, person, authority));
    all.addAll(parts(service, authority));
    all.addAll(strangers(person, service, web));
    return List.copyOf(all);
  }

  /// People and administrators.
  private static List<RouteEntry> callers(
      AdminRoutes admin, AuditRoutes audit, PersonRoutes person, AuthorityRoutes authority) {
    return List.of(
        // Administration: the rules of the caller's roles decide, inside the route.
        RouteEntry.read(GET, ControlRoutes.RESOURCES_OF_KIND, Access.BY_RULES, admin::list),
        RouteEntry.read(GET, RESOURCE, Access.BY_RULES, admin::get),
        RouteEntry.change(POST, ControlRoutes.RESOURCES, Access.BY_RULES, admin::create),
        RouteEntry.change(PUT, ControlRoutes.RESOURCES, Access.BY_RULES, admin::update),
        RouteEntry.change(DELETE, RESOURCE, Access.BY_RULES, admin::delete),
        RouteEntry.change(POST, ControlRoutes.USERS, Access.BY_RULES, admin::createUser),
        RouteEntry.change(PATCH, ControlRoutes.USER, Access.BY_RULES, admin::updateUser),
        RouteEntry.change(POST, ControlRoutes.USER_RESET, Access.BY_RULES, admin::resetUser),
        RouteEntry.change(POST, ControlRoutes.TOKENS, Access.BY_RULES, admin::createToken),
        RouteEntry.change(POST, ControlRoutes.USER_CERTIFICATES, Access.ADMIN, person::sign),
        RouteEntry.read(GET, ControlRoutes.ACCESS_EXPLAIN, Access.BY_RULES, admin::explainAccess),
        RouteEntry.change(POST, ControlRoutes.ROTATION, Access.BY_RULES, authority::rotate),
        // The audit log, likewise.
        RouteEntry.read(GET, ControlRoutes.AUDIT_SEARCH, Access.BY_RULES, audit::search),
        RouteEntry.read(GET, ControlRoutes.AUDIT_TAIL, Access.BY_RULES, audit::tail),
        RouteEntry.read(GET, ControlRoutes.AUDIT_SESSIONS, Access.BY_RULES, audit::sessions),
        RouteEntry.read(GET, ControlRoutes.AUDIT_TOP, Access.BY_RULES, audit::top),
        RouteEntry.read(GET, ControlRoutes.AUDIT_CHAINS, Access.BY_RULES, audit::chains),
        RouteEntry.read(GET, ControlRoutes.AUDIT_CHAIN, Access.BY_RULES, audit::chain),
        RouteEntry.read(GET, ControlRoutes.AUDIT_INDEX, Access.BY_RULES, audit::index),
        RouteEntry.read(GET, ControlRoutes.AUDIT_STATE, Access.BY_RULES, audit::state),
        // Users with a sign-in certificate, and what of theirs the web UI needs.
        RouteEntry.read(GET, ControlRoutes.DATABASES, Access.WEB, person::databases),
        RouteEntry.change(
            POST, ControlRoutes.DATABASE_CERTIFICATES, Access.PERSON, person::databaseCertificate),
        RouteEntry.read(GET, ControlRoutes.MFA_DEVICES, Access.WEB, person::devices),
        RouteEntry.change(POST, ControlRoutes.MFA_DEVICES, Access.WEB, person::beginDevice),
        RouteEntry.change(POST, ControlRoutes.MFA_DEVICES_FINISH, Access.WEB, person::finishDevice),
        RouteEntry.change(POST, ControlRoutes.MFA_DEVICE_REMOVE, Access.WEB, person::removeDevice),
        RouteEntry.change(POST, ControlRoutes.PASSWORD, Access.WEB, person::changePassword),
        RouteEntry.read(POST, ControlRoutes.MFA_CHALLENGES, Access.WEB, person::challenge),
        RouteEntry.change(POST, ControlRoutes.MFA_CONSOLE, Access.PERSON, person::startFactor),
        RouteEntry.change(DELETE, ControlRoutes.SIGN_IN, Access.PERSON, person::signOut));
  }

  /// Parts of the cluster, and what everybody asks.
  private static List<RouteEntry> parts(ServiceRoutes service, AuthorityRoutes authority) {
    return List.of(
        RouteEntry.read(GET, ControlRoutes.STATUS, Access.ANYBODY, service::status),
        RouteEntry.read(GET, ControlRoutes.TRUST, Access.ANYBODY, authority::trust),
        RouteEntry.change(
            POST, ControlRoutes.HOST_CERTIFICATES, Access.SERVICES, authority::renewHost),
        RouteEntry.read(PUT, ControlRoutes.DATABASE_HEARTBEATS, Access.DB, service::announce),
        RouteEntry.read(DELETE, ControlRoutes.DATABASE_HEARTBEATS, Access.DB, service::withdraw),
        RouteEntry.read(PUT, ControlRoutes.PROXY_HEARTBEATS, Access.PROXY, service::announceProxy),
        RouteEntry.change(POST, ControlRoutes.AUDIT_JOURNAL, Access.DB, service::auditJournal),
        RouteEntry.read(GET, ControlRoutes.AUDIT_KEY, Access.DB, service::auditKey),
        RouteEntry.change(POST, ControlRoutes.AUDIT_EVENTS, Access.SERVICES, service::auditEvents),
        RouteEntry.read(GET, ControlRoutes.WATCH, Access.SERVICES, service::watch));
  }

  /// Strangers, as the Proxy passes them on.
  private static List<RouteEntry> strangers(
      PersonRoutes person, ServiceRoutes service, WebRoutes web) {
    return List.of(
        RouteEntry.change(POST, ControlRoutes.PROXY_LOGIN, Access.PROXY, person::login),
        RouteEntry.read(POST, ControlRoutes.PROXY_LOGIN_BEGIN, Access.PROXY, person::beginLogin),
        RouteEntry.change(POST, ControlRoutes.PROXY_CONSOLE, Access.PROXY, person::startConsole),
        RouteEntry.read(
            GET, ControlRoutes.PROXY_CONSOLE_REQUEST, Access.PROXY, person::consoleInfo),
        RouteEntry.change(
            POST, ControlRoutes.PROXY_CONSOLE_SIGN_IN, Access.PROXY, person::consoleSignIn),
        RouteEntry.change(
            POST, ControlRoutes.PROXY_CONSOLE_APPROVE, Access.PROXY, person::approveConsole),
        RouteEntry.change(
            POST, ControlRoutes.PROXY_CONSOLE_REJECT, Access.PROXY, person::rejectConsole),
        RouteEntry.change(
            POST, ControlRoutes.PROXY_CONSOLE_CANCEL, Access.PROXY, person::cancelConsole),
        RouteEntry.change(POST, ControlRoutes.PROXY_JOIN, Access.PROXY, service::join),
        RouteEntry.read(POST, ControlRoutes.PROXY_TOKEN, Access.PROXY, service::tokenLabels),
        RouteEntry.change(POST, ControlRoutes.JOIN, Access.JOINING, service::joinHere),
        RouteEntry.read(
            POST, ControlRoutes.PROXY_JOIN_CHALLENGE, Access.PROXY, service::joinChallenge),
        RouteEntry.read(
            POST, ControlRoutes.JOIN_CHALLENGE, Access.JOINING, service::joinChallengeHere),
        RouteEntry.read(GET, ControlRoutes.PROXY_INVITE, Access.PROXY, person::invite),
        RouteEntry.read(POST, ControlRoutes.PROXY_INVITE_ENROLL, Access.PROXY, person::enroll),
        RouteEntry.change(POST, ControlRoutes.PROXY_INVITE, Access.PROXY, person::setPassword),
        // Browsers, as the Proxy passes them on.
        RouteEntry.change(POST, ControlRoutes.PROXY_WEB_SESSIONS, Access.PROXY, web::signIn),
        RouteEntry.change(
            POST, ControlRoutes.PROXY_WEB_CERTIFICATES, Access.PROXY, web::certificate),
        RouteEntry.change(POST, ControlRoutes.PROXY_WEB_SESSION_END, Access.PROXY, web::end));
  }
}
