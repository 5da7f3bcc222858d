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
import dev.sallyport.control.ConsoleApproval;
import dev.sallyport.control.ConsoleCancel;
import dev.sallyport.control.ConsoleSignIn;
import dev.sallyport.control.ConsoleStart;
import dev.sallyport.control.ConsoleStartRequest;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.EnrollRequest;
import dev.sallyport.control.ResetUserRequest;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.control.WebCertificateRequest;
import dev.sallyport.control.WebSignInRequest;
import dev.sallyport.diagnostics.MetricText;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.resources.ResourceJson;
import dev.sallyport.resources.ResourceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Secrets that were used, rightly and wrongly, stand in no line of the log, however much is
/// logged, in nothing that watchers get, in no answer to a wrong try, and in the audit log not
/// either.
@Tag("S11")
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
      var proxy = cluster.proxy();
      var view = new ClusterView(cluster.auth().trust(), InstantSource.system());
      var served = new ClusterView(cluster.auth().trust(), InstantSource.system());
      try (var seen = watcher(view, agent, answers, Kind.ROLE, Kind.USER);
          var others = watcher(served, proxy, answers, Kind.DB_SERVER)) {
        seen.start();
        others.start();
        use(cluster, canaries, answers);
        await()
            .until(() -> view.user("alice").isPresent() && served.serversOf("orders").count() == 1);
        served.databaseServers().forEach(server -> answers.append(ResourceJson.toJson(server)));
        view.role("access").ifPresent(role -> answers.append(ResourceJson.toJson(role)));
        answers.append(view.user("alice")).append(ResourceJson.toJson(view.preference()));
      }
    }
    assertThat(logged).isNotEmpty();
    assertThat(canaries)
        .hasSize(20)
        .allSatisfy(canary -> {
          assertThat(canary).isNotBlank();
          assertThat(logged).noneMatch(line -> line.contains(canary));
          assertThat(answers.toString()).doesNotContain(canary);
          assertThat(Recorded.in(folder)).doesNotContain(canary);
        });
  }

  private static ClusterWatcher watcher(
      ClusterView view, ControlClient client, StringBuilder answers, Kind... more) {
    var kinds = EnumSet.of(Kind.LOCK, Kind.CERT_AUTHORITY, Kind.CLUSTER_AUTH_PREFERENCE);
    kinds.addAll(List.of(more));
    return new ClusterWatcher(
        view, () -> client, kinds, lost -> answers.append(lost.reason()), new Random(1));
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
    proxy.webCertificate(
        new WebCertificateRequest(session, Pem.encode(keys.getPublic()), "192.0.2.1"));
    refused(
        answers,
        () ->
            proxy.webCertificate(
                new WebCertificateRequest(
                    Secret.of(session.reveal().substring(1) + "x"),
                    Pem.encode(keys.getPublic()),
                    "192.0.2.1")));
    request(cluster, canaries, answers, app);
    canaries.add(cluster.client(cluster.join(SystemRole.DB).identity()).auditKey().reveal());
    var reset = admin.resetUser("alice", new ResetUserRequest(Optional.empty()));
    canaries.add(Cluster.token(reset));
    refused(answers, () -> proxy.setPassword(Cluster.token(reset) + "0", weak("pw of a guess")));
    refused(answers, () -> proxy.setPassword(Cluster.token(reset), weak("canary pw2")));
    canaries.addAll(List.of("pw of a guess", "canary pw2"));
    connectors(admin, canaries, answers);
    var measured = new MetricText();
    cluster.auth().measure(measured);
    answers.append(measured);
  }

  /// Of another user's password, of which the cluster wants a second factor.
  private static SetPasswordRequest weak(String password) {
    return new SetPasswordRequest(Secret.of(password), "192.0.2.1");
  }

  /// A tool's request for a browser: its secret, the ticket, and the answer.
  private static void request(
      Cluster cluster, List<String> canaries, StringBuilder answers, App app) {
    var console = cluster.proxy().console();
    var key = Pem.encode(KeyPairs.generate().getPublic());
    var tool = new ConsoleStart.ConsoleClient("tsh 1.0.0", "laptop", "Linux", "tsh login");
    var wish =
        new ConsoleStart(Optional.of("alice"), Optional.of(key), Optional.empty(), 4711, key, tool);
    var started = console.start(new ConsoleStartRequest(wish, "192.0.2.1"));
    canaries.add(started.secret().reveal());
    cluster.pass(Duration.ofMinutes(1));
    var code = app.code();
    refused(
        answers, () -> console.signIn(started.id(), proof(PASSWORD + " wrong", Optional.of(code))));
    var ticket = console.signIn(started.id(), proof(PASSWORD, Optional.of(code))).ticket();
    canaries.add(ticket.reveal());
    refused(answers, () -> console.cancel(started.id(), new ConsoleCancel(ticket)));
    var answer = console.approve(started.id(), new ConsoleApproval(ticket, "192.0.2.1"));
    canaries.add(answer.redirect().reveal());
    refused(answers, () -> console.approve(started.id(), new ConsoleApproval(ticket, "192.0.2.1")));
  }

  private static ConsoleSignIn proof(String password, Optional<Secret> code) {
    return new ConsoleSignIn("alice", Secret.of(password), code, Optional.empty(), "192.0.2.1");
  }

  private static void connectors(
      ControlClient admin, List<String> canaries, StringBuilder answers) {
    canaries.addAll(
        List.of(
            "canary-github-secret",
            "canary-oidc-secret",
            "canary-google-account",
            "canary-mfa-secret",
            "canary-saml-key"));
    for (var connector : ResourceReader.read(SecretsTest.CONNECTORS, "c")) {
      answers.append(admin.create(connector, false));
      refused(answers, () -> admin.create(connector, false));
      refused(answers, () -> admin.update(connector));
      answers.append(admin.create(connector, true));
      answers.append(ResourceJson.toJson(admin.get(connector.kind(), connector.resourceName())));
      answers.append(admin.get(connector.kind(), connector.resourceName(), true));
      admin.delete(connector.kind(), connector.resourceName());
    }
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
