package dev.sallyport.agent.session;

import dev.sallyport.control.UserRoles;
import dev.sallyport.model.Database;
import dev.sallyport.model.Route;
import dev.sallyport.pki.VerifiedUser;
import dev.sallyport.policy.AccessPolicy;
import dev.sallyport.policy.AccessRequest;
import dev.sallyport.policy.Circumstances;
import dev.sallyport.policy.Decision;
import dev.sallyport.policy.Denial;
import dev.sallyport.policy.Permit;
import dev.sallyport.policy.RoleSet;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Judges one connection, again and again: a permit is used as long as it has not ended and nothing
/// has changed in the cluster since it was given. Belongs to the connection's event loop.
final class Judge {
  private final ClusterFacts facts;
  private final InstantSource clock;
  private final VerifiedUser user;
  private final Database database;
  private final Revocations revocations;
  private final AccessPolicy policy = new AccessPolicy();
  private @Nullable Permit permit;
  private long version;

  /// @param serverId of this agent
  Judge(
      ClusterFacts facts,
      InstantSource clock,
      VerifiedUser user,
      Database database,
      String serverId) {
    this.facts = facts;
    this.revocations = new Revocations(facts, user.identity(), serverId);
    this.clock = clock;
    this.user = user;
    this.database = database;
  }

  /// May the connection's user use its database now?
  Judgement judge() {
    var now = clock.instant();
    if (!facts.fresh(now)) {
      permit = null;
      return new Judgement.Stale();
    }
    // Read before the roles are: a change in between makes the next request judge again.
    long current = facts.version();
    var kept = permit;
    if (kept != null && version == current && now.isBefore(kept.end())) {
      return new Judgement.Allowed(kept);
    }
    permit = null;
    return switch (decide(now)) {
      case Permit given -> {
        permit = given;
        version = current;
        yield new Judgement.Allowed(given);
      }
      case Denial denial -> new Judgement.Refused(denial);
    };
  }

  private Decision decide(Instant now) {
    var revoked = revocations.at(now);
    if (revoked.isPresent()) {
      return revoked.get();
    }
    var identity = user.identity();
    var still = facts.user(identity.user()).map(UserRoles::roles);
    var roles = RoleSet.effective(identity, still, facts::role);
    var dbUser = identity.route().map(route -> route.dbUser()).orElse("");
    var circumstances =
        Circumstances.PLAIN.withMfaVerified(identity.route().flatMap(Route::mfaDevice).isPresent());
    return policy.decide(new AccessRequest(user, roles, database, dbUser, circumstances, now));
  }
}
