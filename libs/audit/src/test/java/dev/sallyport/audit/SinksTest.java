package dev.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinksTest {

  private static final AuditEvent EVENT = Samples.start(true);

  @TempDir private Path folder;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2030-01-31T23:59:59Z"));
  private final InstantSource clock = now::get;

  @Test
  void each_day_has_its_file_for_the_owner_only() throws Exception {
    Path log = folder.resolve("log");
    try (JsonLinesSink sink = new JsonLinesSink(log, clock)) {
      sink.append(EVENT);
      now.set(Instant.parse("2030-02-01T00:00:00Z"));
      sink.append(EVENT);
      sink.append(EVENT);
    }
    assertThat(Files.readAllLines(log.resolve("events-2030-01-31.jsonl"))).hasSize(1);
    Path second = log.resolve("events-2030-02-01.jsonl");
    assertThat(Files.readAllLines(second))
        .hasSize(2)
        .allSatisfy(line -> assertThat(AuditJson.read(line)).isEqualTo(EVENT));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(second)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
        .isEqualTo("rwx------");
  }

  @Test
  void a_line_torn_by_a_crash_is_ended_before_the_next() throws Exception {
    Path file = folder.resolve("events-2030-01-31.jsonl");
    Files.writeString(file, "{\"event\":\"db.sess", StandardOpenOption.CREATE);
    try (JsonLinesSink sink = new JsonLinesSink(folder, clock)) {
      sink.append(EVENT);
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    assertThat(AuditJson.read(lines.get(1))).isEqualTo(EVENT);
  }

  @Test
  void many_threads_write_whole_lines() throws Exception {
    try (JsonLinesSink sink = new JsonLinesSink(folder, clock);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 64; i++) {
        threads.submit(() -> {
          for (int n = 0; n < 20; n++) {
            sink.append(EVENT);
          }
          return null;
        });
      }
    }
    assertThat(Files.readAllLines(folder.resolve("events-2030-01-31.jsonl")))
        .hasSize(64 * 20)
        .allSatisfy(line -> assertThat(AuditJson.read(line)).isEqualTo(EVENT));
  }

  @Test
  void a_log_that_cannot_be_written_is_not_ready_and_heals() throws Exception {
    Path log = folder.resolve("log");
    Files.writeString(log, "a file where the folder should be");
    try (JsonLinesSink sink = new JsonLinesSink(log, clock)) {
      assertThatThrownBy(sink::ready).isInstanceOf(AuditUnavailable.class);
      assertThatThrownBy(() -> sink.append(EVENT)).isInstanceOf(AuditUnavailable.class);
      Files.delete(log);
      sink.ready();
      sink.append(EVENT);
    }
    assertThat(Files.readAllLines(log.resolve("events-2030-01-31.jsonl"))).hasSize(1);
  }

  @Test
  void a_full_disk_is_told() {
    Path full = Path.of("/dev/full");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full));
    assertThatThrownBy(
            () -> {
              Files.createSymbolicLink(folder.resolve("events-2030-01-31.jsonl"), full);
              try (JsonLinesSink sink = new JsonLinesSink(folder, clock)) {
                sink.append(EVENT);
              }
            })
        .isInstanceOf(AuditUnavailable.class);
  }

  @Test
  void a_closed_log_refuses() {
    JsonLinesSink sink = new JsonLinesSink(folder, clock);
    sink.close();
    assertThatThrownBy(sink::ready).isInstanceOf(AuditUnavailable.class);
    assertThatThrownBy(() -> sink.append(EVENT)).isInstanceOf(AuditUnavailable.class);
  }

  @Test
  void every_sink_gets_an_event_though_one_fails() throws Exception {
    Memory first = new Memory();
    Memory second = new Memory();
    TeeSink tee = new TeeSink(List.of(first, second));
    tee.append(EVENT);
    first.broken = true;
    assertThatThrownBy(() -> tee.append(EVENT)).isInstanceOf(AuditUnavailable.class);
    assertThatThrownBy(tee::ready).isInstanceOf(AuditUnavailable.class);
    assertThat(first.events).hasSize(1);
    assertThat(second.events).hasSize(2);
  }

  private static final class Memory implements AuditSink {
    private final List<AuditEvent> events = new ArrayList<>();
    private boolean broken;

    @Override
    public void append(AuditEvent event) throws AuditUnavailable {
      ready();
      events.add(event);
    }

    @Override
    public void ready() throws AuditUnavailable {
      if (broken) {
        throw new AuditUnavailable("broken");
      }
    }
  }
}
