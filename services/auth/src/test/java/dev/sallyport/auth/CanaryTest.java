package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.sallyport.control.ClusterView;
import dev.sallyport.control.ClusterWatcher;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.EnrollRequest;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.control.WebSignInRequest;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.resources.ResourceJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Secrets that were used, rightly and wrongly, stand in no line of the log, however much is
/// logged, in nothing that watchers get, in no answer to a wrong try, and in the audit log not
/// either.
final class CanaryTest {
  private static final String PASSWORD = "canary password";
  private static final String JOIN_TOKEN = "canary-join-token-0123456789";

  @TempDir Path folder = Path.of("never");
  private final Queue<String> logged = new ConcurrentLinkedQueue<>();
  private final Logger root = (Logger) LoggerFactory.getLogger("dev.sallyport");
  private final Level before = Optional.ofNullable(root.getLevel()).orElse(Level.INFO);
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          logged.add(
              event.getFormattedMessage()
                  + event.getKeyValuePairs()
                  + Optional.ofNullable(event.getThrowableProxy())
                      .map(ThrowableProxyUtil::asString)
                      .orElse(""));
        }
      };

  @BeforeEach
  void listen() {
    appender.start();
    root.setLevel(Level.TRACE);
    root.addAppender(appender);
  }

  @AfterEach
  void stop() {
    root.detachAppender(appender);
    root.setLevel(before);
  }

  @Test
  void usedSecretsAreNowhere() throws Exception {
    var canaries = new ArrayList<>(List.of(PASSWORD, JOIN_TOKEN, "BEGIN PRIVATE KEY", "$argon2"));
    var answers = new StringBuilder();
    try (var cluster = new Cluster(folder, Optional.of(Cluster.factors(false, false)))) {
      var agent = cluster.client(cluster.join(SystemRole.DB).identity());
      var view = new ClusterView(cluster.auth().trust(), InstantSource.system());
      var seen =
          new ClusterWatcher(
              view,
              () -> agent,
              Set.of(
                  Kind.ROLE,
                  Kind.USER,
                  Kind.LOCK,
                  Kind.DB_SERVER,
                  Kind.CERT_AUTHORITY,
                  Kind.CLUSTER_AUTH_PREFERENCE),
              lost -> answers.append(lost.reason()),
              new Random(1));
      try (seen) {
        seen.start();
        use(cluster, canaries, answers);
        await()
            .until(() -> view.user("alice").isPresent() && view.serversOf("orders").count() == 1);
        view.databaseServers().forEach(server -> answers.append(ResourceJson.toJson(server)));
        view.role("access").ifPresent(role -> answers.append(ResourceJson.toJson(role)));
        answers.append(view.user("alice")).append(ResourceJson.toJson(view.preference()));
      }
    }
    assertThat(logged).isNotEmpty();
    assertThat(canaries)
        .hasSize(8)
        .allSatisfy(canary -> {
          assertThat(canary).isNotBlank();
          assertThat(logged).noneMatch(line -> line.contains(canary));
          assertThat(answers.toString()).doesNotContain(canary);
          assertThat(Recorded.in(folder)).doesNotContain(canary);
        });
  }

  /// Every secret once as it is meant, and once where it is wrong.
  private void use(Cluster cluster, List<String> canaries, StringBuilder answers)
      throws IOException {
    var admin = cluster.admin();
    var proxy = cluster.proxy();
    admin.createToken(
        new CreateTokenRequest(
            List.of("db"),
            Optional.empty(),
            Optional.of(Secret.of(JOIN_TOKEN)),
            List.of("orders")));
    proxy.join(Cluster.joining(Secret.of(JOIN_TOKEN), "Db", KeyPairs.generate()));
    refused(
        answers,
        () -> proxy.join(Cluster.joining(Secret.of(JOIN_TOKEN), "Proxy", KeyPairs.generate())));
    cluster
        .client(cluster.join(SystemRole.DB).identity())
        .heartbeat(Cluster.heartbeat(Cluster.database("orders", "dev")));
    canaries.add("canary-external-id");

    var created =
        admin.createUser(
            new CreateUserRequest("alice", List.of("access"), Map.of(), Optional.empty()));
    var link = Cluster.token(created);
    canaries.add(link);
    var begun = proxy.enroll(link, new EnrollRequest("totp", "192.0.2.1"));
    var url = begun.totp().orElseThrow().url().reveal();
    canaries.add(url.substring(url.indexOf("secret=") + 7, url.indexOf("&issuer")));
    var app = App.of(begun, cluster.clock);
    refused(
        answers,
        () -> proxy.setPassword(link, new SetPasswordRequest(Secret.of("canary pw"), "192.0.2.1")));
    var device = app.answer(begun, "phone");
    proxy.setPassword(
        link, new SetPasswordRequest(Secret.of(PASSWORD), "192.0.2.1", Optional.of(device)));
    refused(answers, () -> proxy.invite(link));

    var keys = KeyPairs.generate();
    var wrong = Cluster.login("alice", PASSWORD + " wrong", keys);
    refused(answers, () -> proxy.login(wrong));
    cluster.pass(Duration.ofMinutes(1));
    var session = webSession(cluster, app);
    canaries.add(session.reveal());
  }

  private static Secret webSession(Cluster cluster, App app) throws IOException {
    var request =
        new WebSignInRequest(
            "alice", Secret.of(PASSWORD), Optional.of(app.code()), Optional.empty(), "192.0.2.1");
    return cluster.proxy().webSignIn(request).session();
  }

  private static void refused(StringBuilder answers, ThrowingCallable call) {
    assertThatThrownBy(call).satisfies(e -> answers.append(e.getMessage()));
  }
}
