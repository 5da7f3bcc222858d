package dev.sallyport.auth.api;

import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.access.Peers;
import dev.sallyport.auth.access.UserRoles;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.locks.LockCheck;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlRoutes;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockSubject;
import dev.sallyport.pki.VerifiedUser;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets a call through to its route, or refuses it: who is it, does the table admit them, does a
/// lock keep them out, can what they do be audited.
final class Gate {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

  /// By which a host tells what happened at it.
  private static final Set<String> REPORTS =
      Set.of(ControlRoutes.AUDIT_JOURNAL, ControlRoutes.AUDIT_EVENTS);

  private final Peers peers;
  private final UserRoles users;
  private final LockCheck locks;
  private final AuditTrail audit;
  private final StrangerLog strangers;

  Gate(Peers peers, UserRoles users, LockCheck locks, AuditTrail audit, StrangerLog strangers) {
    this.peers = peers;
    this.users = users;
    this.locks = locks;
    this.audit = audit;
    this.strangers = strangers;
  }

  /// @throws ControlException of kind ACCESS_DENIED if the chain proves nobody
  Caller identify(List<X509Certificate> chain) {
    return peers.identify(chain);
  }

  /// @throws ControlException if the caller may not use the route, or nothing can be audited now
  void admit(Caller caller, RouteEntry route) {
    if (!route.access().admits(caller)) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED,
          "access denied: %s may not call %s %s"
              .formatted(describe(caller), route.method().name(), route.path()));
    }
    requireUnlocked(caller, route);
    switch (caller) {
      case Caller.Person(VerifiedUser user) when route.access().needsOpenUser() ->
          users.requireOpen(user);
      case Caller.Web(VerifiedUser user) -> users.requireOpen(user);
      case Caller.Person _,
          Caller.RouteHolder _,
          Caller.Part _,
          Caller.Admin _,
          Caller.Joining _ -> {}
    }
    if (route.changes()) {
      audit.requireReady();
    }
  }

  /// A locked host may still report what happened at it, and the administrator of the Auth host can
  /// always take a lock away.
  private void requireUnlocked(Caller caller, RouteEntry route) {
    switch (caller) {
      case Caller.Person person -> locks.require(LockSubject.of(person.user().identity()));
      case Caller.Web web -> locks.require(LockSubject.of(web.user().identity()));
      case Caller.RouteHolder holder -> locks.require(LockSubject.of(holder.user().identity()));
      case Caller.Part part -> {
        if (!REPORTS.contains(route.path())) {
          locks.require(LockSubject.of(LockPart.SERVER_ID, part.host().identity().hostId()));
        }
      }
      case Caller.Admin _, Caller.Joining _ -> {}
    }
  }

  /// Writes a refusal down. The refusal stands even when that fails.
  ///
  /// @param caller empty when the chain proved nobody
  void refused(Optional<Caller> caller, String address, ControlException refusal) {
    if (caller.isEmpty() || caller.get() instanceof Caller.Joining) {
      strangers.refused(address, refusal.reason());
      return;
    }
    try {
      audit.denied(caller.get().name(), address, refusal.reason());
    } catch (ControlException e) {
      LOG.atError().setCause(e).log("a refusal could not be audited");
    }
  }

  private static String describe(Caller caller) {
    return switch (caller) {
      case Caller.Admin _ -> "an administrator";
      case Caller.Part part -> "a host in the system role " + part.role().wireName();
      case Caller.Person _ -> "a user";
      case Caller.Web _ -> "a session of the web UI";
      case Caller.RouteHolder _ -> "the holder of a database certificate";
      case Caller.Joining _ -> "a host that has not joined";
    };
  }
}
