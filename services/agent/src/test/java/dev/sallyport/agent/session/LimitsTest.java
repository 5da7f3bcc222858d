package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.agent.ScriptedUpstream;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.net.tunnel.OpenDecision;
import dev.sallyport.net.tunnel.OpenMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is too much is turned away in a way that SDKs slow down for, and what is let in goes on.
class LimitsTest {
  private static final int LARGEST_ITEM_BATCH = 16 << 20;
  private static final Duration LONG = Duration.ofMinutes(2);

  @ParameterizedTest
  @ValueSource(strings = {"user \"alice\" has 2", "database \"example-dynamodb\" has 2"})
  void aConnectionTooManyIsToldToSlowDownAndTheOthersGoOn(String reason) throws Exception {
    boolean ofUser = reason.startsWith("user");
    var limits = new ConnectionLimits(100, ofUser ? 2 : 100, ofUser ? 100 : 2, 100);
    try (var stage = Stage.narrow(limits);
        var first = stage.connect(stage.alice())) {
      var second = stage.connect(stage.alice());
      assertThat(first.call("ListTables", "{}").status()).isEqualTo(200);
      assertThat(second.call("ListTables", "{}").status()).isEqualTo(200);
      try (var third = stage.connect(stage.alice())) {
        var answer = third.call("ListTables", "{}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("ThrottlingException", reason.split(" ")[0]);
        assertThat(answer.header("Connection")).contains("close");
        assertThat(third.isClosed()).isTrue();
      }
      assertThat(stage.aws.seen).hasSize(2);
      assertThat(first.call("ListTables", "{}").status()).isEqualTo(200);
      second.close();
      await().until(() -> stage.door.connections() == 1);
      try (var fourth = stage.connect(stage.alice())) {
        assertThat(fourth.call("ListTables", "{}").status()).as("a seat is free").isEqualTo(200);
      }
    }
  }

  @Test
  void aConnectionTooManyThatSaysNothingIsClosed() throws Exception {
    try (var stage = Stage.narrow(new ConnectionLimits(100, 1, 100, 100));
        var _ = stage.connect(stage.alice());
        var second = stage.connect(stage.alice())) {
      assertThat(second.isClosed()).isTrue();
    }
  }

  @Test
  void anAgentThatIsFullSaysNotNow() throws Exception {
    try (var stage = Stage.narrow(new ConnectionLimits(1, 100, 100, 100));
        var _ = stage.connect(stage.alice())) {
      assertThat(stage.door.onOpen(stage.openOf(stage.alice()).encoded()))
          .isEqualTo(new OpenDecision.NotNow("the Database Service has too many connections"));
    }
  }

  @Test
  void anAgentThatDoesNotKnowTheDatabaseYetSaysNotNow() throws Exception {
    try (var stage = Stage.narrow(new ConnectionLimits(100, 100, 100, 100))) {
      assertThat(stage.door.onOpen(new OpenMessage("", "another", "").encoded()))
          .isEqualTo(
              new OpenDecision.NotNow(
                  "the Database Service does not serve database \"another\" now"));
    }
  }

  @Test
  void aRequestTooManyInFlightIsToldToSlowDownAndItsConnectionStays() throws Exception {
    var go = new CountDownLatch(1);
    try (var stage = Stage.narrow(new ConnectionLimits(100, 100, 100, 1));
        var first = stage.connect(stage.alice());
        var second = stage.connect(stage.alice())) {
      stage.aws.script =
          (seen, socket, out) -> {
            awaitQuietly(go);
            return ScriptedUpstream.ok("{}").play(seen, socket, out);
          };
      first.send(RawClient.request("ListTables", "{}"));
      stage.aws.seen.take();
      assertThat(stage.meter.inFlight()).isEqualTo(1);
      var answer = second.call("ListTables", "{}");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).contains("ThrottlingException", "too many requests");
      go.countDown();
      assertThat(first.answer().status()).isEqualTo(200);
      await().until(() -> stage.meter.inFlight() == 0);
      assertThat(second.call("ListTables", "{}").status()).isEqualTo(200);
      await().until(() -> stage.meter.inFlight() == 0);
      assertThat(stage.sink.of(DynamoDbRequest.class))
          .extracting(DynamoDbRequest::outcome)
          .containsExactlyInAnyOrder(Outcome.REFUSED, Outcome.ANSWERED, Outcome.ANSWERED);
    }
  }

  @Test
  void largeBodiesAtOnceStayWithinTheMemoryForThem() throws Exception {
    largeBodiesAtOnce(12);
  }

  @Test
  @Tag("long")
  void bodiesOf256ClientsAtOnceStayWithinTheMemoryForThem() throws Exception {
    largeBodiesAtOnce(256);
  }

  /// Each with 16 MB and a little, and room for four: whoever finds none is told to slow down,
  /// while AWS keeps those that did.
  private static void largeBodiesAtOnce(int clients) throws Exception {
    var body = "{\"a\":\"" + "x".repeat(LARGEST_ITEM_BATCH) + "\"}";
    var request = RawClient.request("BatchWriteItem", body);
    var release = new CountDownLatch(1);
    try (var stage = Stage.plain(TlsProvider.best());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      int fitting = (int) (stage.budget.total() / body.length());
      stage.aws.script =
          (seen, socket, out) -> {
            awaitQuietly(release);
            return ScriptedUpstream.ok("{}").play(seen, socket, out);
          };
      var answers = new ArrayList<Future<RawClient.Answer>>();
      var go = new CountDownLatch(1);
      for (int i = 0; i < clients; i++) {
        stage.facts.users.put("user" + i, List.of("developer"));
        var identity = stage.user("user" + i, Stage.DATABASE, Stage.ROLE, Duration.ofHours(1));
        var client = stage.connect(identity).patient(LONG);
        answers.add(threads.submit(sending(client, request, go, threads)));
      }
      go.countDown();
      try {
        await().atMost(LONG).until(() -> stage.aws.seen.size() + done(answers) >= clients);
        assertThat(stage.budget.held())
            .as("what the bodies at AWS take, and nothing else")
            .isEqualTo((long) fitting * body.length());
        assertThat(stage.aws.seen).as("no more than there is room for").hasSize(fitting);
        assertThat(done(answers)).isEqualTo(clients - fitting).isPositive();
      } finally {
        release.countDown();
      }
      int passed = 0;
      for (var each : answers) {
        var answer = each.get();
        if (answer.status() == 200) {
          passed++;
        } else {
          assertThat(answer.text()).contains("ThrottlingException");
        }
      }
      assertThat(passed).isEqualTo(fitting);
      await().until(() -> stage.budget.held() == 0);
    }
  }

  private static int done(List<Future<RawClient.Answer>> answers) {
    return (int) answers.stream().filter(Future::isDone).count();
  }

  private static Callable<RawClient.Answer> sending(
      RawClient client, String request, CountDownLatch go, ExecutorService threads) {
    return () -> {
      try (client) {
        go.await();
        // An answer may come before the whole request is sent.
        var _ =
            threads.submit(() -> {
              try {
                client.send(request);
              } catch (IOException e) {
                // Turned away; the answer tells.
              }
            });
        return client.answer();
      }
    };
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
