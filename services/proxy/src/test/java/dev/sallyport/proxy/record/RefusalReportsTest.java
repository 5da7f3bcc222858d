package dev.sallyport.proxy.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.control.AuditBatch;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RefusalReportsTest {
  private static final Instant NOW = Instant.parse("2030-01-01T10:00:00Z");
  private static final InetSocketAddress PEER =
      new InetSocketAddress(InetAddress.ofLiteral("203.0.113.9"), 4711);

  private final List<JsonNode> taken = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger ids = new AtomicInteger();

  private RefusalReports reports(Consumer<AuditBatch> send) {
    return new RefusalReports(
        new RefusalReports.Source(
            () -> "example.com", () -> "id-" + ids.incrementAndGet(), () -> NOW),
        send,
        new Random(7));
  }

  private void take(AuditBatch batch) {
    assertThat(batch.events().size()).isLessThanOrEqualTo(100);
    taken.addAll(batch.events());
  }

  @Test
  void aRefusalIsAnEventWithDoorReasonAndAddress() {
    try (var reports = reports(this::take).start()) {
      reports.refused("database", PEER, "certificate refused: it has expired");
      await().until(() -> taken.size() == 1);
    }
    var event = taken.getFirst();
    assertThat(event.at("/event").asString()).isEqualTo("auth");
    assertThat(event.at("/code").asString()).isEqualTo("T3007W");
    assertThat(event.at("/uid").asString()).isEqualTo("id-1");
    assertThat(event.at("/cluster_name").asString()).isEqualTo("example.com");
    assertThat(event.toString())
        .contains("database: certificate refused: it has expired", "203.0.113.9:4711");
  }

  @Test
  void aBatchIsSentUntilItIsTaken() {
    var tries = new AtomicInteger();
    try (var reports =
        reports(
                batch -> {
                  if (tries.incrementAndGet() < 3) {
                    throw new IllegalStateException("Auth is away");
                  }
                  take(batch);
                })
            .start()) {
      reports.refused("tunnel", PEER, "the host id is another's");
      await().until(() -> taken.size() == 1);
    }
    assertThat(tries).hasValue(3);
  }

  @Test
  void aFloodIsCountedBeyondTheBoundAndTheCountIsRecorded() {
    var reports = reports(this::take);
    for (int i = 0; i < RefusalReports.WAITING_MAX + 77; i++) {
      reports.refused("database", PEER, "no certificate");
    }
    try (var _ = reports.start()) {
      await().until(() -> taken.size() == RefusalReports.WAITING_MAX + 1);
    }
    assertThat(taken.toString())
        .contains("77 more refusals at the Proxy's doors came too fast to be recorded one by one");
  }

  @Test
  void closingSendsWhatWaitsAndGivesUpOnAnAuthThatIsAway() {
    var reports = reports(this::take).start();
    for (int i = 0; i < 250; i++) {
      reports.refused("database", PEER, "x".repeat(10_000));
    }
    reports.close();
    assertThat(taken).hasSize(250);
    assertThat(taken.getFirst().toString().length()).isLessThan(1_000);

    var away =
        reports(
                batch -> {
                  throw new IllegalStateException("Auth is away");
                })
            .start();
    away.refused("database", PEER, "no certificate");
    away.close();
  }
}
