package dev.sallyport.agent.session;

import dev.sallyport.agent.session.DatabaseSession.SessionKey;
import dev.sallyport.audit.DatabaseEvent.ClientDisconnect;
import dev.sallyport.audit.DatabaseEvent.DbSessionEnd;
import dev.sallyport.audit.DatabaseEvent.DbSessionStart;
import dev.sallyport.audit.DatabaseMetadata;
import dev.sallyport.audit.SessionMetadata;
import dev.sallyport.audit.UserMetadata;
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

/// The sessions that are open at this agent. The start of one is recorded when it is first allowed
/// something, the end [#LINGER] after its last connection, a refusal each time it changes. Safe for
/// any thread.
public final class DatabaseSessions implements AutoCloseable {
  static final Duration LINGER = Duration.ofSeconds(60);

  private static final String NAMESPACE = "default";

  private final Records records;
  private final Map<SessionKey, DatabaseSession> open = new HashMap<>();

  public DatabaseSessions(Records records) {
    this.records = records;
  }

  /// A connection of this session begins.
  DatabaseSession opened(UserIdentity identity, Route route, DatabaseMetadata database) {
    var key = new SessionKey(route.sessionId(), identity.user(), route.database(), route.dbUser());
    synchronized (open) {
      var session =
          open.computeIfAbsent(
              key,
              it ->
                  new DatabaseSession(
                      it,
                      UserMetadata.of(identity),
                      SessionMetadata.of(identity),
                      database,
                      records.clock().instant()));
      session.connections++;
      if (session.ending != null) {
        session.ending.cancel(false);
        session.ending = null;
      }
      return session;
    }
  }

  /// The session was judged; cheap when nothing is new.
  ///
  /// @param client the client's address as the Proxy told it
  void judged(DatabaseSession session, Judgement judgement, String client) {
    switch (judgement) {
      case Judgement.Allowed _ -> {
        if (session.started == null) {
          start(session, client);
        } else if (session.lastRefusal != null) {
          allowedAgain(session);
        }
      }
      case Judgement.Refused refused when session.started != null && takenBack(refused.denial()) ->
          cutOff(session, refused.denial());
      case Judgement.Refused refused ->
          refused(
              session,
              client,
              String.join("; ", refused.denial().reasons()),
              refused.denial().message());
      case Judgement.Stale _ -> {
        // An outage within a session is told by the records of its requests.
        if (session.started == null) {
          refused(session, client, "the view of the cluster is stale", Answers.stale().message());
        }
      }
    }
  }

  private static boolean takenBack(Denial denial) {
    return denial.code() == Denial.Code.LOCKED || denial.code() == Denial.Code.REVOKED;
  }

  /// What was allowed before is so no longer. Told once, until it is allowed again.
  private void cutOff(DatabaseSession session, Denial denial) {
    synchronized (open) {
      if (denial.message().equals(session.lastRefusal)) {
        return;
      }
      session.lastRefusal = denial.message();
    }
    records.append(
        new ClientDisconnect(
            records.header(session.index.getAndIncrement()),
            session.user,
            session.session,
            session.database,
            records.serverId(),
            denial.message()));
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
