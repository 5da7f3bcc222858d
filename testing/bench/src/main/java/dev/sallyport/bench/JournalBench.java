package dev.sallyport.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.JournalNotice;
import dev.sallyport.audit.DatabaseEvent.JournalState;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.audit.EventHeader;
import dev.sallyport.audit.RequestJournal.Begun;
import dev.sallyport.audit.RequestJournal.RequestEntry;
import dev.sallyport.audit.UserMetadata;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.chain.Checkpoint;
import dev.sallyport.audit.journal.AgentJournal;
import dev.sallyport.audit.journal.JournalHost;
import dev.sallyport.audit.journal.JournalSettings;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// What a request waits for its intent in the agent's journal, and how many requests a second it
/// takes with 16 callers. Auth takes everything at once.
@State(Scope.Benchmark)
@BenchmarkMode({Mode.Throughput, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Threads(16)
@Fork(1)
public class JournalBench {
  private static final Instant NOW = Instant.parse("2030-01-01T10:00:00Z");

  @Param({"WRITE", "FSYNC"})
  JournalSettings.Durability durability = JournalSettings.Durability.WRITE;

  private final DynamoDbRequest intent =
      RequestRecords.intent("00000000-0000-4000-8000-000000000003", NOW);
  private Path folder = Path.of("");

  private final LongAdder requests = new LongAdder();
  private long cpuBefore;

  // Made by the set-up.
  @SuppressWarnings("NullAway.Init")
  private AgentJournal journal;

  /// Opens a journal in a fresh folder.
  @Setup(Level.Trial)
  public void open() throws IOException {
    folder = Files.createTempDirectory("journal-bench");
    journal =
        AgentJournal.open(
            folder,
            JournalSettings.of(durability, JournalSettings.Mode.STRICT, 8L << 30),
            Host.make(),
            run -> run.head().sequence(),
            new Random(1));
    journal.start();
  }

  /// Begins to count.
  @Setup(Level.Iteration)
  public void count() {
    requests.reset();
    cpuBefore = cpuNanos();
  }

  /// Tells what of the processors a request took: the caller's part, writing, hashing, signing and
  /// shipping.
  @TearDown(Level.Iteration)
  public void tell() {
    var each = (cpuNanos() - cpuBefore) / (double) Math.max(1, requests.sum());
    System.out.printf("(%.1f us of CPU a request) ", each / 1000);
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  /// Takes it away.
  @TearDown(Level.Trial)
  public void close() throws IOException {
    journal.close(Duration.ofSeconds(10));
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /// From the intent until the request may leave; its outcome goes its way.
  @Benchmark
  public void intentThenOutcome() {
    var made = journal.beginAtOnce(List.of(intent));
    var entry = made.isEmpty() ? begun() : made.getFirst();
    entry.complete(intent.ended(Outcome.NOT_SENT, "bench"));
    requests.increment();
  }

  private RequestEntry begun() {
    var told = new CompletableFuture<RequestEntry>();
    journal.begin(
        intent,
        new Begun() {
          @Override
          public void recorded(RequestEntry entry) {
            told.complete(entry);
          }

          @Override
          public void refused(AuditUnavailable cause) {
            told.completeExceptionally(cause);
          }
        });
    return told.join();
  }

  /// Signs with a key of its own.
  private record Host(KeyPair key, X509Certificate certificate) implements JournalHost {
    static Host make() {
      var key = KeyPairs.generate();
      var authority =
          CertificateAuthority.create(CaKind.HOST, "example.com", () -> NOW, new SecureRandom());
      var identity = new HostIdentity("example.com", "host-1", SystemRole.DB);
      return new Host(
          key,
          authority.issueHost(
              identity, key.getPublic(), Set.of(), Set.of(), NOW.plus(Duration.ofDays(1))));
    }

    @Override
    public String agent() {
      return "host-1";
    }

    @Override
    public Checkpoint sign(ChainLink link) {
      return Checkpoint.sign(link, NOW, key.getPrivate(), certificate);
    }

    @Override
    public JournalNotice notice(
        JournalState state,
        String epoch,
        long records,
        long bytes,
        String reason,
        List<String> gaps) {
      return new JournalNotice(
          new EventHeader("notice", NOW, "example.com", 0),
          UserMetadata.named("host-1"),
          "host-1",
          state,
          epoch,
          records,
          bytes,
          reason,
          gaps);
    }
  }
}
