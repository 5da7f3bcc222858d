package dev.sallyport.agent.session;

import dev.sallyport.agent.session.DatabaseSession.SessionKey;
import dev.sallyport.audit.DatabaseEvent.ClientDisconnect;
import dev.sallyport.audit.DatabaseEvent.DbSessionEnd;
import dev.sallyport.audit.DatabaseEvent.DbSessionStart;
import dev.sallyport.audit.DatabaseEvent.SessionRejected;
import dev.sallyport.audit.DatabaseMetadata;
import dev.sallyport.audit.SessionMetadata;
import dev.sallyport.audit.UserMetadata;
import dev.sallyport.model.Durations;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.Route;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.policy.Denial;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sessions that are open at this agent. The start of one is recorded when it is first allowed
/// something, the end [#LINGER] after its last connection, a refusal each time it changes. Safe for
/// any thread.
public final class DatabaseSessions implements AutoCloseable {
  static final Duration LINGER = Duration.ofSeconds(60);

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseSessions.class);
  private static final String NAMESPACE = "default";

  private final Records records;
  private final Supplier<Optional<String>> idleMessage;
  private final Map<SessionKey, DatabaseSession> open = new HashMap<>();
  private final IdleTimes idleTimes = new IdleTimes();

  /// @param idleMessage what the cluster tells who comes back too late
  public DatabaseSessions(Records records, Supplier<Optional<String>> idleMessage) {
    this.records = records;
    this.idleMessage = idleMessage;
  }

  /// A connection of this session begins.
  DatabaseSession opened(UserIdentity identity, Route route, DatabaseMetadata database) {
    var key = new SessionKey(route.sessionId(), identity.user(), route.database(), route.dbUser());
    synchronized (open) {
      var session = open.computeIfAbsent(key, it -> begun(it, identity, database));
      session.connections++;
      if (session.ending != null) {
        session.ending.cancel(false);
        session.ending = null;
      }
      return session;
    }
  }

  /// The log has one line for each, however often an idle tunnel changes its connections.
  private DatabaseSession begun(SessionKey key, UserIdentity identity, DatabaseMetadata database) {
    LOG.atInfo()
        .addKeyValue("sessionId", key.sessionId())
        .addKeyValue("database", key.database())
        .addKeyValue("subject", key.user())
        .log("A user's tunnel is open");
    return new DatabaseSession(
        key,
        UserMetadata.of(identity),
        SessionMetadata.of(identity),
        database,
        records.clock().instant());
  }

  /// Counts the session among those of its user that are in use, unless their roles allow no more
  /// of them at one time; cheap when it is counted already.
  Judgement admit(DatabaseSession session, Judgement.Allowed allowed) {
    if (session.admitted) {
      return allowed;
    }
    int most = allowed.options().maxConnections();
    var user = session.key.user();
    synchronized (open) {
      long others =
          open.values().stream()
              .filter(other -> other.admitted && other.key.user().equals(user))
              .count();
      if (most == 0 || others < most) {
        session.admitted = true;
        return allowed;
      }
    }
    var reason =
        "too many concurrent sessions of user %s: their roles allow %d at this Database Service"
            .formatted(Quoted.of(user), most);
    if (firstTold(session, reason)) {
      records.append(
          new SessionRejected(
              records.header(session.index.getAndIncrement()),
              session.user,
              session.session,
              session.database,
              records.serverId(),
              reason,
              most));
    }
    return new Judgement.Limited(reason + "; close another tunnel");
  }

  /// A request is made in the session, which is over when there was none for longer than its roles
  /// or the cluster allow.
  Judgement active(DatabaseSession session, Judgement.Allowed allowed) {
    var limit = allowed.options().clientIdleTimeout();
    if (limit.isEmpty()
        || !idleTimes.exceeded(session.key, limit.get(), records.clock().instant())) {
      if (session.lastRefusal != null) {
        allowedAgain(session);
      }
      return allowed;
    }
    var reason = "Client exceeded idle timeout of " + Durations.format(limit.get());
    disconnected(session, reason);
    var message = idleMessage.get().map(text -> "; " + text).orElse("");
    return new Judgement.Limited(reason + message + "; start the tunnel again with 'tsh proxy db'");
  }

  /// The session was judged; cheap when nothing is new.
  ///
  /// @param client the client's address as the Proxy told it
  void judged(DatabaseSession session, Judgement judgement, String client) {
    switch (judgement) {
      case Judgement.Allowed _ -> {
        if (session.started == null) {
          start(session, client);
        }
      }
      case Judgement.Refused refused when session.started != null && takenBack(refused.denial()) ->
          disconnected(session, cause(refused.denial()));
      case Judgement.Refused refused ->
          refused(
              session,
              client,
              String.join("; ", refused.denial().reasons()),
              refused.denial().message());
      case Judgement.Limited _, Judgement.Busy _, Judgement.Gone _ -> {}
      case Judgement.Stale _ -> {
        // An outage within a session is told by the records of its requests.
        if (session.started == null) {
          refused(session, client, "the view of the cluster is stale", Answers.stale().message());
        }
      }
    }
  }

  private static boolean takenBack(Denial denial) {
    return denial.code() == Denial.Code.LOCKED
        || denial.code() == Denial.Code.REVOKED
        || denial.code() == Denial.Code.EXPIRED;
  }

  /// Why, in the words that audit records have for it.
  private static String cause(Denial denial) {
    return denial.code() == Denial.Code.EXPIRED
        ? denial.reasons().getFirst().replaceFirst("^the certificate", "client certificate")
        : denial.message();
  }

  /// What was allowed before is so no longer. Told once, until it is allowed again.
  private void disconnected(DatabaseSession session, String reason) {
    if (!firstTold(session, reason)) {
      return;
    }
    records.append(
        new ClientDisconnect(
            records.header(session.index.getAndIncrement()),
            session.user,
            session.session,
            session.database,
            records.serverId(),
            reason));
  }

  private boolean firstTold(DatabaseSession session, String reason) {
    synchronized (open) {
      if (reason.equals(session.lastRefusal)) {
        return false;
      }
      session.lastRefusal = reason;
      return true;
    }
  }

  private void start(DatabaseSession session, String client) {
    synchronized (open) {
      if (session.started != null) {
        return;
      }
      session.started = records.clock().instant();
      session.lastRefusal = null;
    }
    records.append(started(session, client, Optional.empty(), Optional.empty()));
  }

  private void allowedAgain(DatabaseSession session) {
    synchronized (open) {
      session.lastRefusal = null;
    }
  }

  private void refused(DatabaseSession session, String client, String error, String message) {
    synchronized (open) {
      if (error.equals(session.lastRefusal)) {
        return;
      }
      session.lastRefusal = error;
    }
    records.append(started(session, client, Optional.of(error), Optional.of(message)));
  }

  private DbSessionStart started(
      DatabaseSession session, String client, Optional<String> error, Optional<String> message) {
    return new DbSessionStart(
        records.header(session.index.getAndIncrement()),
        session.user,
        session.session,
        session.database,
        records.serverId(),
        NAMESPACE,
        client.isEmpty() ? Optional.empty() : Optional.of(client),
        error.isEmpty(),
        error,
        message);
  }

  /// A connection of this session ended.
  void closed(DatabaseSession session, EventLoop loop) {
    synchronized (open) {
      session.connections--;
      session.lastSeen = records.clock().instant();
      if (session.connections == 0) {
        session.admitted = false;
      }
      if (session.connections == 0 && !loop.isShuttingDown()) {
        session.ending = loop.schedule(() -> end(session), LINGER.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  private void end(DatabaseSession session) {
    synchronized (open) {
      if (session.connections > 0 || !open.remove(session.key, session)) {
        return;
      }
    }
    var started = session.started;
    if (started != null) {
      records.append(
          new DbSessionEnd(
              records.header(session.index.getAndIncrement()),
              session.user,
              session.session,
              session.database,
              records.serverId(),
              started,
              session.lastSeen,
              session.requests.get()));
    }
  }

  /// Ends all of them: the agent stops.
  @Override
  public void close() {
    List<DatabaseSession> left;
    synchronized (open) {
      left = List.copyOf(open.values());
      left.forEach(session -> {
        session.connections = 0;
        if (session.ending != null) {
          session.ending.cancel(false);
        }
      });
    }
    left.forEach(this::end);
  }
}
