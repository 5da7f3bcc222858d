package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.agent.ScriptedUpstream;
import dev.sallyport.agent.signing.ServedDatabases;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.Metadata;
import dev.sallyport.net.TlsProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The config file is read again while users are connected.
class ReplacedDatabasesTest {
  private final Stage stage;

  ReplacedDatabasesTest() throws Exception {
    stage = Stage.plain(TlsProvider.best());
  }

  @AfterEach
  void stop() throws Exception {
    stage.close();
  }

  @Test
  void aDatabaseThatStaysTheSameKeepsItsConnections() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);

      var plan = replace(same(), named("other"));

      assertThat(plan.added()).containsExactly("other");
      assertThat(plan.changed()).isEmpty();
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      assertThat(stage.aws.connections()).as("also those to AWS").isOne();
    }
  }

  @Test
  void aConnectionToADatabaseThatIsGoneEndsWithItsNextRequest() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);

      assertThat(replace(named("other")).removed()).containsExactly(Stage.DATABASE);

      var answer = client.call("ListTables", "{}");
      assertThat(answer.status()).as("another agent may serve it").isEqualTo(503);
      assertThat(answer.text())
          .contains("no longer serves database \\\"" + Stage.DATABASE + "\\\"");
      assertThat(client.isClosed()).isTrue();
      assertThat(stage.aws.seen).hasSize(1);
    }
    await().until(() -> stage.sink.of(DynamoDbRequest.class).size() == 2);
    assertThat(stage.sink.of(DynamoDbRequest.class).getLast().outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aConnectionToADatabaseThatIsChangedEndsAndTheNextOneFindsTheNewOne() throws Exception {
    try (var elsewhere = new ScriptedUpstream();
        var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      var uri = "http://localhost:" + elsewhere.port();

      assertThat(replace(at(Stage.DATABASE, uri)).changed()).containsExactly(Stage.DATABASE);

      var answer = client.call("ListTables", "{}");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).contains("was changed; try again");
      assertThat(client.isClosed()).isTrue();
      try (var next = stage.connect(stage.alice())) {
        assertThat(next.call("ListTables", "{}").status()).isEqualTo(200);
      }
      assertThat(elsewhere.seen).hasSize(1);
      assertThat(stage.aws.seen).hasSize(1);
    }
  }

  @Test
  void aRequestThatIsUnderWayGetsItsAnswer() throws Exception {
    var arrived = new CountDownLatch(1);
    var replaced = new CountDownLatch(1);
    stage.aws.script =
        (seen, socket, out) -> {
          arrived.countDown();
          awaitQuietly(replaced);
          return ScriptedUpstream.ok("{\"answer\":1}").play(seen, socket, out);
        };
    try (var client = stage.connect(stage.alice())) {
      client.send(RawClient.request("ListTables", "{}"));
      arrived.await();

      replace(named("other"));
      replaced.countDown();

      assertThat(client.answer().text()).isEqualTo("{\"answer\":1}");
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(503);
    }
  }

  @Test
  void whatIsTakenAwayWhileStsIsAskedIsNotSigned() throws Exception {
    stage.assumer =
        session -> {
          replace(at(Stage.DATABASE, "http://localhost:1"));
          return stage.granted(session);
        };
    try (var client = stage.connect(stage.alice())) {
      var answer = client.call("ListTables", "{}");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).contains("was changed; try again");
      assertThat(stage.aws.seen).isEmpty();
    }
  }

  private ServedDatabases.Plan replace(Database... others) {
    var plan = stage.databases.plan(List.of(others));
    stage.databases.follow(plan);
    return plan;
  }

  /// As the file says it again.
  private Database same() {
    return at(Stage.DATABASE, "http://localhost:" + stage.aws.port());
  }

  private Database named(String name) {
    return at(name, "http://localhost:" + stage.aws.port());
  }

  private static Database at(String name, String uri) {
    return new Database(
        Metadata.named(name).withLabels(Map.of("env", "dev")),
        "dynamodb",
        Optional.of(uri),
        DatabaseAws.of("us-east-1", "123456789012"),
        DatabaseTls.SYSTEM);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
