package dev.sallyport.agent.session;

import dev.sallyport.control.UserRoles;
import dev.sallyport.control.ViewStanding;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.Database;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockSubject;
import dev.sallyport.model.LockingMode;
import dev.sallyport.model.Role;
import dev.sallyport.pki.TrustBundle;
import java.time.Instant;
import java.util.Optional;

/// What the agent knows of the cluster, as Auth's stream of changes keeps it. Answers at once, from
/// any thread.
public interface ClusterFacts {
  /// How far the picture can be judged by.
  ViewStanding standing(Instant now);

  /// The last moment at which the picture was fresh.
  Instant sure();

  /// What the cluster says is to be done while Auth is silent.
  LockingMode lockingMode();

  /// Whether every session needs a second factor of its own.
  boolean sessionMfa();

  /// When the cluster ends sessions that nobody uses, and what it says to them.
  AuthPreference.Idle idle();

  /// Changes whenever anything else here does.
  long version();

  /// A user; empty when there is none of that name.
  Optional<UserRoles> user(String name);

  /// A lock in force that hits the subject.
  Optional<Lock> lockOn(LockSubject subject, Instant now);

  /// A role's definition.
  Optional<Role> role(String name);

  /// A database of this agent with its labels as they are now.
  Database labelled(Database database);

  /// The authorities that are trusted now.
  TrustBundle trust();
}
