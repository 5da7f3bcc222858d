package dev.sallyport.agent.session;

import dev.sallyport.agent.session.DatabaseSession.SessionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// When each session made its last request, of those that may not be silent for too long. It is
/// remembered past the session's connections, since a tunnel that nobody uses holds none; and a
/// session that was silent for too long stays so. Safe for any thread.
final class IdleTimes {
  /// How many sessions are known; beyond that, the ones that were silent longest are forgotten.
  static final int KEPT_MAX = 100_000;

  private final Map<SessionKey, Instant> last =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionKey, Instant> eldest) {
          return size() > KEPT_MAX;
        }
      };

  /// A session makes a request.
  ///
  /// @return whether it was silent for longer than it may, so that it is over
  synchronized boolean exceeded(SessionKey session, Duration limit, Instant now) {
    var before = last.get(session);
    if (before != null && before.plus(limit).isBefore(now)) {
      return true;
    }
    last.put(session, now);
    return false;
  }
}
