package dev.sallyport.agent.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.dynamodb.Endpoint;
import dev.sallyport.dynamodb.Endpoints;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.TargetHealth;
import dev.sallyport.model.TargetHealth.Reason;
import dev.sallyport.model.TargetHealth.Status;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class HealthChecksTest {
  private static final String NAME = "orders";

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-01T00:00:00Z"));
  private final AtomicInteger changes = new AtomicInteger();

  @Test
  void aDatabaseThatGoesAwayAndComesBackIsToldOnceEach() throws Exception {
    var server = listen(0);
    int port = server.getLocalPort();
    try (var checks = checks("http://127.0.0.1:" + port)) {
      checks.start();
      var first = become(checks, Status.HEALTHY);
      assertThat(first.reason()).isEqualTo(Reason.INITIALIZED);
      assertThat(first.address()).isEqualTo("127.0.0.1:" + port);
      assertThat(first.since()).isEqualTo(now.get());

      now.set(now.get().plusSeconds(60));
      server.close();
      var away = become(checks, Status.UNHEALTHY);
      assertThat(away.reason()).isEqualTo(Reason.THRESHOLD_REACHED);
      assertThat(away.error().orElseThrow()).startsWith("127.0.0.1:" + port + ": ");
      assertThat(away.since()).isEqualTo(now.get());

      server = listen(port);
      assertThat(become(checks, Status.HEALTHY).error()).isEmpty();
      assertThat(changes).hasValue(3);
    } finally {
      server.close();
    }
  }

  @Test
  void aNameThatNobodyKnowsIsUnhealthyFromTheStart() {
    try (var checks = checks("http://no-such-host.invalid:8000")) {
      checks.start();
      assertThat(become(checks, Status.UNHEALTHY).reason()).isEqualTo(Reason.INITIALIZED);
    }
  }

  @Test
  void nothingIsKnownBeforeTheFirstLook() {
    try (var checks = checks("http://127.0.0.1:1")) {
      assertThat(checks.of(NAME)).isEmpty();
    }
  }

  @Test
  void whatIsReplacedIsLookedAtAnewAndWhatIsGoneIsForgotten() throws Exception {
    try (var server = listen(0);
        var checks = checks("http://127.0.0.1:" + server.getLocalPort())) {
      checks.start();
      var first = become(checks, Status.HEALTHY);
      now.set(now.get().plusSeconds(60));

      checks.replace(
          Map.of(
              NAME,
              List.of(endpoint("http://127.0.0.1:" + server.getLocalPort())),
              "other",
              List.of(endpoint("http://no-such-host.invalid:8000"))));
      await().until(() -> checks.of("other").isPresent());
      assertThat(checks.of(NAME)).contains(first);

      checks.replace(Map.of(NAME, List.of(endpoint("http://no-such-host.invalid:8000"))));
      assertThat(become(checks, Status.UNHEALTHY).reason()).isEqualTo(Reason.INITIALIZED);
      assertThat(checks.of("other")).isEmpty();
    }
  }

  private static ServerSocket listen(int port) throws Exception {
    return new ServerSocket(port, 50, InetAddress.ofLiteral("127.0.0.1"));
  }

  private TargetHealth become(HealthChecks checks, Status status) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> checks.of(NAME).map(TargetHealth::status).equals(Optional.of(status)));
    return checks.of(NAME).orElseThrow();
  }

  private HealthChecks checks(String uri) {
    return new HealthChecks(
        Map.of(NAME, List.of(endpoint(uri), endpoint(uri))),
        now::get,
        changes::incrementAndGet,
        Duration.ofMillis(20));
  }

  private static Endpoint endpoint(String uri) {
    var database =
        new Database(
            Metadata.named(NAME),
            "dynamodb",
            Optional.of(uri),
            DatabaseAws.of("us-east-1", "123456789012"),
            DatabaseTls.SYSTEM);
    return Endpoints.of(database, AwsService.DYNAMODB);
  }
}
