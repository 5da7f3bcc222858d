package dev.sallyport.agent.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditSink;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.DatabaseEvent.ClientDisconnect;
import dev.sallyport.audit.DatabaseMetadata;
import dev.sallyport.audit.EventHeader;
import dev.sallyport.audit.SessionMetadata;
import dev.sallyport.audit.UserMetadata;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class AuditOutboxTest {
  private final List<String> written = new CopyOnWriteArrayList<>();
  private final List<String> shipped = new CopyOnWriteArrayList<>();
  private volatile boolean diskFull;
  private volatile boolean authAway;
  private final AuditOutbox outbox =
      new AuditOutbox(
          new AuditSink() {
            @Override
            public void append(AuditEvent event) throws AuditUnavailable {
              if (diskFull) {
                throw new AuditUnavailable("disk full");
              }
              written.add(event.header().uid());
            }

            @Override
            public void ready() {}
          },
          events -> {
            if (authAway) {
              throw new IOException("away");
            }
            events.forEach(event -> shipped.add(event.get("uid").asString()));
          });

  @Test
  void eventsAreWrittenAndShippedInTheirOrder() throws Exception {
    outbox.start();
    for (int i = 0; i < 1000; i++) {
      outbox.append(event("e" + i));
    }
    outbox.close();

    assertThat(written).hasSize(1000).startsWith("e0", "e1").endsWith("e999");
    assertThat(shipped).isEqualTo(written);
  }

  @Test
  void whileAuthIsAwayEventsWaitAndThenArrive() throws Exception {
    authAway = true;
    outbox.start();
    outbox.append(event("a"));
    outbox.append(event("b"));
    await().until(() -> written.size() == 2);
    assertThat(shipped).isEmpty();

    authAway = false;

    await().until(() -> shipped.equals(List.of("a", "b")));
    outbox.close();
  }

  @Test
  void whileTheLocalLogCannotBeWrittenItIsNotReadyAndLosesNothing() throws Exception {
    diskFull = true;
    outbox.start();
    outbox.append(event("a"));
    await()
        .untilAsserted(
            () -> assertThatThrownBy(outbox::ready).isInstanceOf(AuditUnavailable.class));

    diskFull = false;

    await().untilAsserted(() -> assertThatCode(outbox::ready).doesNotThrowAnyException());
    await().until(() -> shipped.equals(List.of("a")));
    outbox.close();
  }

  @Test
  void whenTooManyEventsWaitMoreAreRefused() {
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100_000; i++) {
                outbox.append(event("e"));
              }
            })
        .isInstanceOf(AuditUnavailable.class);
    assertThatThrownBy(outbox::ready).isInstanceOf(AuditUnavailable.class);
  }

  @Test
  void closingDoesNotWaitForAnAuthThatNeverComesBack() throws Exception {
    authAway = true;
    outbox.start();
    outbox.append(event("a"));
    await().until(() -> written.size() == 1);

    outbox.close(Duration.ofMillis(100));

    assertThatThrownBy(() -> outbox.append(event("b"))).isInstanceOf(AuditUnavailable.class);
  }

  @Test
  void idsAreNeverGivenTwice() {
    var ids = new EventIds(new SecureRandom());
    var others = new EventIds(new SecureRandom());
    var seen = new HashSet<String>();
    for (int i = 0; i < 50_000; i++) {
      assertThat(seen.add(ids.next())).isTrue();
      assertThat(seen.add(others.next())).isTrue();
    }
    assertThat(ids.next())
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  }

  private static AuditEvent event(String uid) {
    return new ClientDisconnect(
        new EventHeader(uid, Instant.EPOCH, "example.com", 0),
        UserMetadata.named("alice"),
        new SessionMetadata("s", Optional.empty(), "none"),
        new DatabaseMetadata(
            "db", "dynamodb", "u", Optional.empty(), "r", Map.of(), "us-east-1", "dynamodb", "x"),
        "host",
        "reason");
  }
}
