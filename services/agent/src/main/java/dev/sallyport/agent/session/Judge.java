package dev.sallyport.agent.session;

import dev.sallyport.model.Database;
import dev.sallyport.model.LockingMode;
import dev.sallyport.model.Route;
import dev.sallyport.pki.VerifiedUser;
import dev.sallyport.policy.AccessPolicy;
import dev.sallyport.policy.AccessRequest;
import dev.sallyport.policy.Circumstances;
import dev.sallyport.policy.Denial;
import dev.sallyport.policy.Permit;
import dev.sallyport.policy.RoleSet;
import dev.sallyport.policy.UserRights;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Judges one connection, again and again: a permit is used as long as it has not ended and nothing
/// has changed in the cluster since it was given. Belongs to the connection's event loop.
///
/// While Auth is silent, a user is judged by the last sure picture only where neither the cluster
/// nor any of their roles is strict; what is allowed then says so.
final class Judge {
  private final ClusterFacts facts;
  private final InstantSource clock;
  private final VerifiedUser user;
  private final Database database;
  private final Revocations revocations;
  private final AccessPolicy policy = new AccessPolicy();
  private Judgement.@Nullable Allowed kept;
  private long version;

  /// @param serverId of this agent
  Judge(
      ClusterFacts facts,
      InstantSource clock,
      VerifiedUser user,
      Database database,
      String serverId) {
    this.facts = facts;
    this.revocations = new Revocations(facts, user, serverId);
    this.clock = clock;
    this.user = user;
    this.database = database;
  }

  /// May the connection's user use its database now?
  Judgement judge() {
    var now = clock.instant();
    return switch (facts.standing(now)) {
      case FRESH -> judge(now);
      case SILENT -> bestEffort(now);
      case UNUSABLE -> {
        kept = null;
        yield new Judgement.Stale();
      }
    };
  }

  private Judgement judge(Instant now) {
    // Read before the roles are: a change in between makes the next request judge again.
    long current = facts.version();
    var last = kept;
    if (last != null && version == current && now.isBefore(last.permit().end())) {
      return last;
    }
    var judgement = decide(now);
    kept = judgement instanceof Judgement.Allowed allowed ? allowed : null;
    version = current;
    return judgement;
  }

  private Judgement bestEffort(Instant now) {
    var asOf = facts.sure();
    var judgement = judge(now);
    if (!(judgement instanceof Judgement.Allowed(var permit, var options, _))) {
      return judgement;
    }
    var mode =
        facts.lockingMode() == LockingMode.STRICT
            ? LockingMode.STRICT
            : options.lock().orElse(LockingMode.BEST_EFFORT);
    return switch (mode) {
      case STRICT -> new Judgement.Stale();
      case BEST_EFFORT -> new Judgement.Allowed(permit, options, Optional.of(asOf));
    };
  }

  private Judgement decide(Instant now) {
    var revoked = revocations.at(now);
    if (revoked.isPresent()) {
      return new Judgement.Refused(revoked.get());
    }
    var identity = user.identity();
    var has =
        facts
            .user(identity.user())
            .map(known -> new UserRights(known.roles(), known.knownTraits()));
    var roles = RoleSet.effective(identity, has, facts::role);
    var dbUser = identity.route().map(route -> route.dbUser()).orElse("");
    var circumstances =
        Circumstances.PLAIN
            .withMfaVerified(identity.route().flatMap(Route::mfaDevice).isPresent())
            .withMfaRequired(facts.sessionMfa());
    var labelled = facts.labelled(database);
    return switch (policy.decide(
        new AccessRequest(user, roles, labelled, dbUser, circumstances, now))) {
      case Permit permit ->
          new Judgement.Allowed(
              permit, roles.options().withClusterIdle(facts.idle().client()), Optional.empty());
      case Denial denial -> new Judgement.Refused(denial);
    };
  }
}
