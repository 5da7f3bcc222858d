package dev.sallyport.auth.access;

import dev.sallyport.model.SystemRole;

/// Who may call a route. Each route of the API has exactly one of these.
public enum Access {
  /// Hosts that are not of the cluster yet.
  JOINING,
  /// Every verified identity of the cluster.
  ANYBODY,
  /// The administrator of the Auth host.
  ADMIN,
  /// The Proxy Service.
  PROXY,
  /// The Database Service.
  DB,
  /// The Proxy Service and the Database Service.
  SERVICES,
  /// Users with a sign-in certificate.
  PERSON,
  /// Users with a sign-in certificate, and the web UI for users who are signed in there.
  WEB,
  /// Administrators, and users as far as the rules of their roles go, which the route checks.
  BY_RULES;

  /// Whether this caller may.
  public boolean admits(Caller caller) {
    return switch (this) {
      case JOINING -> caller instanceof Caller.Joining;
      case ANYBODY -> !(caller instanceof Caller.Joining);
      case ADMIN -> caller instanceof Caller.Admin;
      case PROXY -> isPart(caller, SystemRole.PROXY);
      case DB -> isPart(caller, SystemRole.DB);
      case SERVICES -> isPart(caller, SystemRole.PROXY) || isPart(caller, SystemRole.DB);
      case PERSON -> caller instanceof Caller.Person;
      case WEB -> caller instanceof Caller.Person || caller instanceof Caller.Web;
      case BY_RULES -> caller instanceof Caller.Person || caller instanceof Caller.Admin;
    };
  }

  /// Whether a user must exist and be open for it.
  public boolean needsOpenUser() {
    return switch (this) {
      case JOINING, ANYBODY, ADMIN, PROXY, DB, SERVICES -> false;
      case PERSON, WEB, BY_RULES -> true;
    };
  }

  private static boolean isPart(Caller caller, SystemRole role) {
    return caller instanceof Caller.Part part && part.role() == role;
  }
}
