package dev.sallyport.bench;

import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.store.AuditQuery;
import dev.sallyport.audit.store.AuditQuery.Filter;
import dev.sallyport.audit.store.AuditStore;
import dev.sallyport.audit.store.ChainEntry;
import dev.sallyport.audit.store.Found;
import dev.sallyport.audit.store.sqlite.SqliteAuditStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Searches in a store of many requests, of 100 users over 100 days. Filling it takes minutes, and
/// about 2 KB a request in the folder for temporary files; the set-up prints how much.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class AuditStoreBench {
  private static final ChainId CHAIN = new ChainId("bench", "0".repeat(32));
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final int DAYS = 100;
  private static final int USERS = 100;
  private static final int BATCH = 500;
  private static final int PAGE = 1000;

  @Param("10000000")
  int events = 10_000_000;

  private Path folder = Path.of("");

  // Made by the set-up.
  @SuppressWarnings("NullAway.Init")
  private SqliteAuditStore store;

  /// Fills the store.
  @Setup(Level.Trial)
  public void fill() throws IOException, AuditUnavailable {
    folder = Files.createTempDirectory("audit-bench");
    store = SqliteAuditStore.open(folder.resolve("audit.db"));
    long begin = System.nanoTime();
    long text = 0;
    var at = ChainLink.origin(CHAIN);
    long step = DAY.toMillis() * DAYS / events;
    for (int i = 0; i < events; i += BATCH) {
      var batch = new ArrayList<ChainEntry>(BATCH);
      for (int n = i; n < Math.min(events, i + BATCH); n++) {
        var time = START.plusMillis(step * n);
        var body = RequestRecords.outcome("%036d".formatted(n), time, user(n), n % 100_000);
        text += body.length();
        var next = at.next(body.getBytes(StandardCharsets.UTF_8));
        batch.add(new ChainEntry(next.sequence(), at.hash().hex(), next.hash().hex(), body));
        at = next;
      }
      store.append(CHAIN, batch, START);
    }
    System.out.printf(
        "%n# %d events, %d bytes of text and %d bytes on disk each, %d a second%n",
        events,
        text / events,
        store.bytes() / events,
        Math.round(events / ((System.nanoTime() - begin) / 1e9)));
  }

  private static String user(int number) {
    return "user%02d".formatted(number % USERS);
  }

  /// Takes the store away.
  @TearDown(Level.Trial)
  public void drop() {
    store.close();
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The newest page of a day of one user.
  @Benchmark
  public Found dayOfOneUser() throws AuditUnavailable {
    return search(filter(Optional.of("user42"), List.of()), START.plus(DAY.multipliedBy(DAYS / 2)));
  }

  /// Requests for one key in a day.
  @Benchmark
  public Found dayOfOneKey() throws AuditUnavailable {
    return search(
        filter(Optional.empty(), List.of("%032x".formatted(4242))),
        START.plus(DAY.multipliedBy(DAYS / 2)));
  }

  private Found search(Filter what, Instant from) throws AuditUnavailable {
    AuditStore asked = store;
    return asked.search(new AuditQuery(from, from.plus(DAY), what, Optional.empty(), PAGE));
  }

  private static Filter filter(Optional<String> user, List<String> hashes) {
    Optional<String> any = Optional.empty();
    return new Filter(user, any, any, any, any, any, Optional.empty(), Optional.empty(), hashes);
  }
}
