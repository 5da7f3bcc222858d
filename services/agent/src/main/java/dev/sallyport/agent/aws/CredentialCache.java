package dev.sallyport.agent.aws;

import dev.sallyport.agent.aws.CredentialOutcome.NoAgentCredentials;
import dev.sallyport.agent.aws.CredentialOutcome.Ready;
import dev.sallyport.agent.aws.CredentialOutcome.Refused;
import dev.sallyport.agent.aws.CredentialOutcome.Unavailable;
import dev.sallyport.diagnostics.Counters;
import dev.sallyport.diagnostics.MetricText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Credentials of role sessions, kept as long as they are good.
///
/// One flight for each session, whoever asks; asked on the executor given, never on the caller's
/// thread. Credentials are refreshed ahead of their end while the old ones go on being handed out.
/// Refusals are kept [#REFUSALS_KEPT], so that a misconfigured role costs AWS one call in that
/// time, and outages [#OUTAGES_KEPT]. What AWS refuses is replaced, unless it is younger than
/// [#REPLACED_AFTER]. Holds at most [#MAX_SESSIONS]; the least lately used go first. Safe for use
/// by any thread.
public final class CredentialCache {
  static final Duration REFUSALS_KEPT = Duration.ofSeconds(5);
  static final Duration OUTAGES_KEPT = Duration.ofMillis(500);
  static final Duration REFRESH_AHEAD = Duration.ofMinutes(5);

  /// Credentials that end sooner are not handed out: the request must still reach AWS with them.
  static final Duration LIFE_LEFT = Duration.ofSeconds(20);

  /// How old credentials must be for others to be fetched when AWS refuses them: those of a role
  /// whose fresh credentials are refused at once cost one AssumeRole in this time, not one a
  /// request.
  static final Duration REPLACED_AFTER = Duration.ofSeconds(60);

  static final int MAX_SESSIONS = 10_000;

  private static final Duration WITHOUT_END = Duration.ofMinutes(15);
  private static final int EVICTED_AT_ONCE = MAX_SESSIONS / 10;
  private static final Logger LOG = LoggerFactory.getLogger(CredentialCache.class);

  private final InstantSource clock;
  private final Executor blocking;
  private final RoleAssumer assumer;
  private final ConcurrentHashMap<RoleSession, Entry> entries = new ConcurrentHashMap<>();
  private final Counters<Lookup> lookups = new Counters<>(Lookup.class);
  private final Counters<Flight> flights = new Counters<>(Flight.class);

  /// What is found when somebody asks.
  private enum Lookup {
    HIT,
    MISS
  }

  /// What becomes of a question to AWS.
  private enum Flight {
    CREDENTIALS,
    REFUSED,
    UNAVAILABLE
  }

  public CredentialCache(InstantSource clock, Executor blocking, RoleAssumer assumer) {
    this.clock = clock;
    this.blocking = blocking;
    this.assumer = assumer;
  }

  /// The outcome when it is known now; for event loops, since it neither waits nor leaves the
  /// thread.
  public Optional<CredentialOutcome> ready(RoleSession session) {
    var entry = entries.get(session);
    var known = entry == null ? null : entry.known(clock.instant());
    if (known != null) {
      lookups.count(Lookup.HIT);
    }
    return Optional.ofNullable(known);
  }

  /// The outcome, now or when AWS has answered. To cancel the future cancels nobody else's.
  public CompletableFuture<CredentialOutcome> get(RoleSession session) {
    var now = clock.instant();
    var entry = entries.computeIfAbsent(session, Entry::new);
    makeRoom(now);
    var known = entry.known(now);
    lookups.count(known == null ? Lookup.MISS : Lookup.HIT);
    return known == null ? entry.landing(now) : CompletableFuture.completedFuture(known);
  }

  /// AWS refused credentials that it had given: they are kept no longer, and others are fetched,
  /// once for all who ask.
  ///
  /// @param accessKeyId of the refused ones; if others are kept by now, those are the outcome
  /// @return nothing if the refused ones are so fresh that others would fare no better
  public Optional<CompletableFuture<CredentialOutcome>> replace(
      RoleSession session, String accessKeyId) {
    var entry = entries.get(session);
    if (entry != null && !entry.drop(accessKeyId, clock.instant())) {
      return Optional.empty();
    }
    return Optional.of(get(session));
  }

  /// How many sessions are kept now.
  public int size() {
    return entries.size();
  }

  /// Writes how well it works.
  public void measure(MetricText out) {
    out.counters(
        "sallyport_db_credential_lookups_total",
        "Requests that found credentials (hit), or had to wait for AWS (miss).",
        "result",
        lookups);
    out.counters(
        "sallyport_db_credential_refreshes_total",
        "Questions to STS that are answered, by what came of them.",
        "result",
        flights);
    out.gauge("sallyport_db_credential_sessions", "Role sessions that are kept.").sample(size());
  }

  private void makeRoom(Instant now) {
    if (entries.size() <= MAX_SESSIONS) {
      return;
    }
    entries.values().removeIf(entry -> entry.ended(now));
    if (entries.size() > MAX_SESSIONS) {
      entries.values().stream()
          .sorted(Comparator.comparing(entry -> entry.lastUse))
          .limit(EVICTED_AT_ONCE)
          .forEach(entry -> entries.remove(entry.session, entry));
    }
  }

  /// @param since when it came
  /// @param end until when it may be handed out
  /// @param refresh from when on another is fetched meanwhile
  private record Answer(CredentialOutcome outcome, Instant since, Instant end, Instant refresh) {
    boolean isOf(String accessKeyId) {
      return outcome instanceof Ready ready
          && ready.credentials().accessKeyId().equals(accessKeyId);
    }

    /// Not if the clock was set back since.
    boolean isFresh(Instant now) {
      return !now.isBefore(since) && now.isBefore(since.plus(REPLACED_AFTER));
    }
  }

  private final class Entry {
    final RoleSession session;
    volatile Instant lastUse = clock.instant();
    private volatile @Nullable Answer answer;
    private @Nullable CompletableFuture<CredentialOutcome> flight;

    Entry(RoleSession session) {
      this.session = session;
    }

    /// @return whether these credentials are not the ones that are kept now
    synchronized boolean drop(String accessKeyId, Instant now) {
      var last = answer;
      if (last == null || !last.isOf(accessKeyId)) {
        return true;
      }
      if (last.isFresh(now)) {
        return false;
      }
      answer = null;
      return true;
    }

    boolean ended(Instant now) {
      var last = answer;
      return last != null && !now.isBefore(last.end);
    }

    @Nullable CredentialOutcome known(Instant now) {
      lastUse = now;
      var last = answer;
      if (last == null || !now.isBefore(last.end)) {
        return null;
      }
      if (!now.isBefore(last.refresh)) {
        flight();
      }
      return last.outcome;
    }

    /// What a caller who found nothing waits for: an answer may have come since it looked, and then
    /// nobody is asked again.
    synchronized CompletableFuture<CredentialOutcome> landing(Instant now) {
      var known = known(now);
      return known == null ? flight().copy() : CompletableFuture.completedFuture(known);
    }

    synchronized CompletableFuture<CredentialOutcome> flight() {
      if (flight != null) {
        return flight;
      }
      var started = new CompletableFuture<CredentialOutcome>();
      flight = started;
      try {
        blocking.execute(() -> land(started, ask()));
      } catch (RejectedExecutionException e) {
        land(started, new Unavailable("the agent is stopping"));
      }
      return started;
    }

    private CredentialOutcome ask() {
      try {
        return assumer.assume(session);
      } catch (RuntimeException e) {
        LOG.atError()
            .setCause(e)
            .addKeyValue("role", session.roleArn())
            .log("Asking for credentials failed in a way that nobody foresaw");
        return new Unavailable("the agent failed while asking AWS for credentials; see its log");
      }
    }

    private void land(CompletableFuture<CredentialOutcome> started, CredentialOutcome outcome) {
      flights.count(
          switch (outcome) {
            case Ready _ -> Flight.CREDENTIALS;
            case Refused _, NoAgentCredentials _ -> Flight.REFUSED;
            case Unavailable _ -> Flight.UNAVAILABLE;
          });
      synchronized (this) {
        answer = next(outcome, clock.instant());
        flight = null;
      }
      started.complete(outcome);
    }

    private Answer next(CredentialOutcome outcome, Instant now) {
      var last = answer;
      if (!(outcome instanceof Ready)
          && last != null
          && last.outcome instanceof Ready
          && now.isBefore(last.end)) {
        // What AWS gave stays good until its end, whatever became of the refresh.
        return new Answer(last.outcome, last.since, last.end, now.plus(REFUSALS_KEPT));
      }
      return switch (outcome) {
        case Ready ready -> answer(ready, now);
        case Refused refused -> kept(refused, now, REFUSALS_KEPT);
        case NoAgentCredentials none -> kept(none, now, REFUSALS_KEPT);
        case Unavailable unavailable -> kept(unavailable, now, OUTAGES_KEPT);
      };
    }

    private static Answer kept(CredentialOutcome outcome, Instant now, Duration time) {
      return new Answer(outcome, now, now.plus(time), now.plus(time));
    }

    private static Answer answer(Ready ready, Instant now) {
      var expires = ready.credentials().expires().orElse(now.plus(WITHOUT_END));
      var quarter = Duration.between(now, expires).dividedBy(4);
      var ahead = quarter.compareTo(REFRESH_AHEAD) < 0 ? quarter : REFRESH_AHEAD;
      return new Answer(ready, now, expires.minus(LIFE_LEFT), expires.minus(ahead));
    }
  }
}
