package dev.sallyport.agent;

import dev.sallyport.agent.labels.CommandLabels;
import dev.sallyport.agent.session.ClusterFacts;
import dev.sallyport.control.ClusterView;
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

/// The cluster as the watched view has it, and the labels that this host makes.
record ViewFacts(ClusterView view, CommandLabels labels) implements ClusterFacts {
  @Override
  public ViewStanding standing(Instant now) {
    return view.standing(now);
  }

  @Override
  public Instant sure() {
    return view.sure();
  }

  @Override
  public LockingMode lockingMode() {
    return view.preference().sessions().lockingMode();
  }

  @Override
  public boolean sessionMfa() {
    return view.preference().sessions().requireMfa();
  }

  @Override
  public AuthPreference.Idle idle() {
    return view.preference().sessions().idle();
  }

  @Override
  public long version() {
    return view.version() + labels.version();
  }

  @Override
  public Optional<UserRoles> user(String name) {
    return view.user(name);
  }

  @Override
  public Optional<Lock> lockOn(LockSubject subject, Instant now) {
    return view.locks().on(subject, now);
  }

  @Override
  public Optional<Role> role(String name) {
    return view.role(name);
  }

  @Override
  public Database labelled(Database database) {
    return labels.current(database);
  }

  @Override
  public TrustBundle trust() {
    return view.trust();
  }
}
