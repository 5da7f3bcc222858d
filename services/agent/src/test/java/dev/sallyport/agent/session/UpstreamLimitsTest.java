package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.agent.ScriptedUpstream;
import dev.sallyport.agent.upstream.UpstreamLimits;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.net.TlsProvider;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How long connections to AWS may take to open, and how many are kept for how long.
class UpstreamLimitsTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void anEndpointThatTakesConnectionsAndNeverShakesHandsIsAnOutage(TlsProvider tls)
      throws Exception {
    var limits = new UpstreamLimits(Duration.ofMillis(300), LONG, LONG, 64);
    try (var stage = stage(tls, "https", limits);
        var client = stage.connect(stage.alice())) {
      var answer = client.call("ListTables", "{}");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).contains("cannot reach", "was not sent");
      await().until(() -> !stage.sink.of(DynamoDbRequest.class).isEmpty());
      assertThat(stage.sink.of(DynamoDbRequest.class))
          .singleElement()
          .satisfies(request -> assertThat(request.outcome()).isEqualTo(Outcome.NOT_SENT));
      assertThat(stage.aws.connections()).isEqualTo(1);
      await().until(() -> stage.aws.open() == 0);
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aConnectionThatIsIdleForItsTimeIsClosed(TlsProvider tls) throws Exception {
    var limits = new UpstreamLimits(LONG, LONG, Duration.ofMillis(200), 64);
    try (var stage = stage(tls, "http", limits);
        var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      await().until(() -> stage.aws.open() == 0);
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      assertThat(stage.aws.connections()).isEqualTo(2);
    }
  }

  /// As many for each event loop, of which the stage has two.
  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void noMoreConnectionsAreKeptThanTheLimit(TlsProvider tls) throws Exception {
    int clients = 6;
    try (var stage = stage(tls, "http", new UpstreamLimits(LONG, LONG, LONG, 1))) {
      var together = new CyclicBarrier(clients);
      stage.aws.script =
          (seen, socket, out) -> {
            meet(together);
            return ScriptedUpstream.ok("{}").play(seen, socket, out);
          };
      var identity = stage.alice();
      for (int i = 0; i < clients; i++) {
        var client = stage.connect(identity);
        stage.blocking.execute(() -> {
          try (client) {
            client.call("ListTables", "{}");
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
      }
      await().until(() -> stage.sink.of(DynamoDbRequest.class).size() == clients);
      assertThat(stage.aws.connections()).isEqualTo(clients);
      await().until(() -> stage.aws.open() <= 2);
      assertThat(stage.aws.open()).isPositive();
    }
  }

  private static void meet(CyclicBarrier together) {
    try {
      together.await(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Stage stage(TlsProvider tls, String scheme, UpstreamLimits limits)
      throws Exception {
    return new Stage(
        tls, new ScriptedUpstream(), DatabaseTls.SYSTEM, scheme, limits, ConnectionLimits.DEFAULT);
  }
}
