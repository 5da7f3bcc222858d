package dev.sallyport.agent.session;

import dev.sallyport.audit.DatabaseMetadata;
import dev.sallyport.audit.SessionMetadata;
import dev.sallyport.audit.UserMetadata;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One `tsh proxy db`, however many connections it makes. Its counters may be used by any thread;
/// the rest belongs to [DatabaseSessions] under its lock.
final class DatabaseSession {
  final SessionKey key;
  final UserMetadata user;
  final SessionMetadata session;
  final DatabaseMetadata database;
  final AtomicLong index = new AtomicLong();
  final AtomicLong requests = new AtomicLong();
  volatile @Nullable Instant started;
  Instant lastSeen;
  int connections;
  volatile boolean admitted;
  volatile @Nullable String lastRefusal;
  @Nullable ScheduledFuture<?> ending;

  /// A session id comes from the certificate, hence from Auth; the rest keeps two routes apart all
  /// the same.
  record SessionKey(String sessionId, String user, String database, String dbUser) {}

  DatabaseSession(
      SessionKey key,
      UserMetadata user,
      SessionMetadata session,
      DatabaseMetadata database,
      Instant now) {
    this.key = key;
    this.user = user;
    this.session = session;
    this.database = database;
    this.lastSeen = now;
  }
}
