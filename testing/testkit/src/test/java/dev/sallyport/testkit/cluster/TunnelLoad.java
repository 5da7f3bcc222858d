package dev.sallyport.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.clock.MovableClock;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// Requests one after the other until told to stop, by a tunnel that is open all the time; and
/// beside them newcomers, each with a tunnel of its own, so that every connection on the way is
/// new. Nothing is tried again.
final class TunnelLoad implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int REQUESTS = 10;

  private final TestCluster cluster;
  private final Person newcomer;
  private final AtomicBoolean on = new AtomicBoolean(true);
  private final ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> newcomers = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads;

  private TunnelLoad(TestCluster cluster, URI endpoint, Person newcomer) {
    this.cluster = cluster;
    this.newcomer = newcomer;
    threads =
        List.of(
            Thread.ofPlatform().daemon().start(() -> use(endpoint)),
            Thread.ofPlatform().daemon().start(this::comeAgainAndAgain));
  }

  /// Starts; both kinds of requests have been made when it returns.
  static TunnelLoad start(TestCluster cluster, URI endpoint) throws Exception {
    var newcomer = cluster.addPerson("bob", "access,aws-dynamodb-access");
    cluster.signIn(newcomer);
    var load = new TunnelLoad(cluster, endpoint, newcomer);
    load.goesOn();
    return load;
  }

  private void use(URI endpoint) {
    try (var client = SdkClients.dynamoDbOnce(endpoint)) {
      while (on.get()) {
        answers.add(answer(client));
      }
    }
  }

  /// What a request is answered; empty when it went well.
  static String answer(DynamoDbClient client) {
    try {
      client.listTables();
      return "";
    } catch (SdkException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private void comeAgainAndAgain() {
    while (on.get()) {
      newcomers.add(come());
    }
  }

  private synchronized String come() {
    try (var tunnel =
            newcomer.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE);
        var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
      return answer(client);
    } catch (AssertionError e) {
      return "no tunnel: " + e.getMessage();
    }
  }

  /// What tsh keeps of a login is not to be used while it is written.
  synchronized void signInAgain() {
    cluster.signIn(newcomer);
  }

  /// Puts the clock forward. What an agent announces ends with such a leap until it says it again,
  /// so nobody comes meanwhile; requests go on.
  synchronized void leap(MovableClock clock, Duration by) {
    clock.move(by);
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(cluster.tctl("get", "db_servers").orFail().output())
                .contains(TestCluster.DATABASE));
  }

  /// Some more requests have been made of each kind.
  void goesOn() {
    int before = answers.size();
    int came = newcomers.size();
    await()
        .atMost(SOON)
        .until(() -> answers.size() > before + REQUESTS && newcomers.size() > came + 1);
  }

  /// Ends it: no request has failed.
  void allWorked() throws InterruptedException {
    close();
    for (var thread : threads) {
      thread.join();
    }
    assertThat(answers).hasSizeGreaterThan(REQUESTS).allMatch(String::isEmpty);
    assertThat(newcomers).isNotEmpty().allMatch(String::isEmpty);
  }

  @Override
  public void close() {
    on.set(false);
  }
}
