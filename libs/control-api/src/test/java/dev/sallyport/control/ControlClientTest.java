package dev.sallyport.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsExchange;
import dev.sallyport.model.Kind;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.SystemTrust;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ControlClientTest {
  private static final String STATUS =
      "{\"cluster_name\":\"example.com\",\"server_version\":\"1.0.0\",\"ca_pins\":[],\"new\":1}";

  private final TlsRig rig = new TlsRig();

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void asksAuthOverItsOwnProtocolAndReadsTheAnswer() throws Exception {
    var endpoint = auth(exchange -> TlsRig.answer(exchange, 200, STATUS));
    try (var client = rig.client(endpoint)) {
      assertThat(client.status()).isEqualTo(new ClusterStatus("example.com", "1.0.0", List.of()));
    }
  }

  @Test
  void aServerThatSpeaksOnlyAnotherProtocolIsNotSpokenTo() throws Exception {
    var endpoint =
        rig.serve(
            rig.host(SystemRole.AUTH),
            true,
            "http/1.1",
            exchange -> TlsRig.answer(exchange, 200, STATUS));
    unavailable(() -> ask(endpoint), "no secure connection");
  }

  @ParameterizedTest
  @EnumSource(SystemRole.class)
  void onlyAuthIsTalkedTo(SystemRole role) throws Exception {
    var endpoint =
        rig.serve(
            rig.host(role),
            true,
            ControlClient.ALPN,
            exchange -> TlsRig.answer(exchange, 200, STATUS));
    if (role == SystemRole.AUTH) {
      assertThat(ask(endpoint).clusterName()).isEqualTo("example.com");
    } else {
      unavailable(() -> ask(endpoint), "system role " + role.wireName());
    }
  }

  @Test
  void anotherClustersAuthIsNotTalkedTo() throws Exception {
    try (var stranger = new TlsRig()) {
      var endpoint =
          rig.serve(
              stranger.host(SystemRole.AUTH),
              true,
              ControlClient.ALPN,
              exchange -> TlsRig.answer(exchange, 200, STATUS));
      unavailable(() -> ask(endpoint), "second certificate");
    }
  }

  @Test
  void eachConnectionNamesItsServerAndChecksItAnew() throws Exception {
    var names = new ConcurrentLinkedQueue<String>();
    var endpoint =
        auth(exchange -> {
          var session = (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
          names.add(session.getRequestedServerNames().toString());
          exchange.getResponseHeaders().add("Connection", "close");
          TlsRig.answer(exchange, 200, STATUS);
        });
    var checks = new AtomicInteger();
    var verifier =
        new IdentityVerifier(
            () -> {
              checks.incrementAndGet();
              return rig.trust();
            },
            rig.clock);
    var byName = new ControlEndpoint("localhost", endpoint.port());
    try (var client = new ControlClient(byName, rig.user(), verifier, TlsRig.CLUSTER)) {
      client.status();
      var once = checks.get();
      assertThat(once).isPositive();
      client.status();
      assertThat(checks).hasValue(2 * once);
    }
    assertThat(names).hasSize(2).allMatch(name -> name.contains("value=localhost"));
  }

  @Test
  void requestsArriveAsTheyWereMeant() throws Exception {
    var seen = new AtomicReference<String>();
    var endpoint =
        auth(exchange -> {
          var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          seen.set(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
          if (exchange.getRequestMethod().equals("DELETE")) {
            exchange.sendResponseHeaders(204, -1);
          } else {
            TlsRig.answer(
                exchange,
                200,
                "{\"url\":\"https://p/web/invite/00\",\"expires\":\"2026-01-01T00:00:00Z\"}");
          }
        });
    try (var client = rig.client(endpoint)) {
      client.delete(Kind.DB_SERVER, "host 1/db");
      assertThat(seen).hasValue("DELETE /v1/resources/db_server/host%201/db ");
      var invite =
          client.createUser(
              new CreateUserRequest("bob", List.of("access"), Map.of(), Optional.empty()));
      assertThat(seen)
          .hasValue("POST /v1/users {\"name\":\"bob\",\"roles\":[\"access\"],\"traits\":{}}");
      assertThat(invite.url().reveal()).isEqualTo("https://p/web/invite/00");
    }
  }

  @ParameterizedTest
  @EnumSource(ErrorKind.class)
  void refusalsKeepTheirKindAndReason(ErrorKind kind) throws Exception {
    var body = ControlJson.text(ErrorBody.of(new ControlException(kind, "role \"x\" not found")));
    var endpoint = auth(exchange -> TlsRig.answer(exchange, kind.status(), body));
    assertThatThrownBy(() -> ask(endpoint))
        .isInstanceOfSatisfying(ControlException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessage("role \"x\" not found");
  }

  @Test
  void answersThatAreNoneAreNamed() throws Exception {
    var body = new AtomicReference<>("<html>");
    var status = new AtomicReference<>(200);
    var endpoint = auth(exchange -> TlsRig.answer(exchange, status.get(), body.get()));
    for (var text : List.of("<html>", "null", "{}", "[1", STATUS + "x")) {
      body.set(text);
      kind(() -> ask(endpoint), ErrorKind.INTERNAL, "Auth Service at 127.0.0.1:");
    }
    for (var code : List.of(302, 418, 502)) {
      status.set(code);
      kind(() -> ask(endpoint), ErrorKind.ofStatus(code), "HTTP status " + code);
    }
  }

  @Test
  void anAnswerWithoutEndIsCutOff() throws Exception {
    var endpoint =
        auth(exchange -> {
          exchange.sendResponseHeaders(200, 0);
          var block = new byte[1 << 16];
          for (int i = 0; i < 10 * ControlJson.MAX_BODY / block.length; i++) {
            exchange.getResponseBody().write(block);
          }
        });
    unavailable(() -> ask(endpoint), "longer than");
  }

  @Test
  void nobodyThereIsSaidClearly() throws Exception {
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    unavailable(() -> ask(new ControlEndpoint("127.0.0.1", port)), "127.0.0.1:" + port);
    unavailable(
        () -> ask(new ControlEndpoint("nowhere.invalid", 443)),
        "the host name of the Auth Service at nowhere.invalid:443 cannot be resolved");
  }

  @Test
  void anAnswerThatDoesNotComeEndsInTime() throws Exception {
    try (var silent = new ServerSocket(0)) {
      var endpoint = new ControlEndpoint("127.0.0.1", silent.getLocalPort());
      var trust = PeerTrust.server(rig.verifier(), SystemRole.AUTH, "auth.example.com");
      var context = AlpnContext.of(Optional.of(rig.user()), trust, "x");
      try (var http =
          new JsonHttp(
              Way.straight(endpoint),
              "the server",
              () -> context,
              List.of("TLSv1.3"),
              Duration.ofMillis(300))) {
        unavailable(() -> http.get("/", ClusterStatus.class), "did not answer");
      }
    }
  }

  @Test
  void theProxysPublicDoorIsTrustedByPinProfileOrBundle() throws Exception {
    var endpoint =
        rig.serve(
            rig.host(SystemRole.PROXY),
            false,
            "http/1.1",
            exchange ->
                TlsRig.answer(
                    exchange, 403, "{\"error\":{\"kind\":\"AccessDenied\",\"message\":\"no\"}}"));
    var pin = Set.of(CaPin.of(rig.hosts.certificate()));
    var other = Set.of(CaPin.of(rig.users.certificate()));
    var system = SystemTrust.load(Map.of());
    for (var trust :
        List.of(
            PeerTrust.pinnedProxy(pin, rig.clock),
            PeerTrust.web(system, Optional.of(rig.verifier()), "127.0.0.1"),
            PeerTrust.insecure())) {
      try (var web = new WebClient(endpoint.uri(), trust)) {
        kind(web::ping, ErrorKind.ACCESS_DENIED, "no");
      }
    }
    for (var trust :
        List.of(
            PeerTrust.pinnedProxy(other, rig.clock),
            PeerTrust.web(system, Optional.empty(), "127.0.0.1"))) {
      try (var web = new WebClient(endpoint.uri(), trust)) {
        unavailable(web::ping, "is not trusted");
      }
    }
  }

  @Test
  void addressesAreReadInEveryUsualForm() {
    assertThat(ControlEndpoint.parse("auth.example.com", 3025))
        .isEqualTo(new ControlEndpoint("auth.example.com", 3025));
    assertThat(ControlEndpoint.parse("https://p.example.com:443/", 3080).port()).isEqualTo(443);
    assertThat(ControlEndpoint.parse("[::1]:80", 1)).isEqualTo(new ControlEndpoint("::1", 80));
    assertThat(ControlEndpoint.parse("::1", 3025).toString()).isEqualTo("[::1]:3025");
    for (var bad :
        List.of("", "a:b", "a:0", "a:65536", "a b:1", "[::1", "a/b:1", "x@y:1", "[::1]80")) {
      assertThatThrownBy(() -> ControlEndpoint.parse(bad, 3025))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private ControlEndpoint auth(TlsRig.Handler handler) throws Exception {
    return rig.serve(rig.host(SystemRole.AUTH), true, ControlClient.ALPN, handler);
  }

  private ClusterStatus ask(ControlEndpoint endpoint) {
    try (var client = rig.client(endpoint)) {
      return client.status();
    }
  }

  private static void unavailable(ThrowingCallable call, String why) {
    kind(call, ErrorKind.UNAVAILABLE, why);
  }

  private static void kind(ThrowingCallable call, ErrorKind kind, String why) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.kind()).as(e.reason()).isEqualTo(kind))
        .hasMessageContaining(why);
  }
}
