package dev.sallyport.proxy.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.control.ControlJson;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.proxy.browser.FakeBrowserDesk;
import dev.sallyport.resources.ResourceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class WebRoutesTest {
  private static final String LOGIN =
      "{\"user\":\"alice\",\"password\":\"" + FakeAuthDesk.PASSWORD + "\",\"tls_pub_key\":\"KEY\"}";
  private static final String JOIN =
      "{\"token\":\"t\",\"role\":\"Db\",\"public_key\":\"KEY\",\"node_name\":\"n\"}";
  private static final AtomicInteger addresses = new AtomicInteger();

  @TempDir Path data;
  private final FakeAuthDesk desk = new FakeAuthDesk();
  private final FakeBrowserDesk browsers = new FakeBrowserDesk();
  private volatile WebFacts facts = facts("{}");
  private WebServer server;
  private String client;

  @BeforeEach
  void start() throws IOException {
    client = "203.0.113." + (addresses.incrementAndGet() % 250 + 1);
    server =
        WebServer.start(
            data, new WebRoutes(() -> facts, desk, browsers, InstantSource.system())::addTo);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String get(String path) throws IOException {
    return RawHttp.exchange(
        server.http1(),
        client,
        "GET " + path + " HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n");
  }

  private String post(String path, String type, String body, String... headers) throws IOException {
    return RawHttp.exchange(
        server.http1(),
        client,
        "POST "
            + path
            + " HTTP/1.1\r\nHost: p\r\nConnection: close\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n"
            + String.join("", headers)
            + "\r\n"
            + body);
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  private static JsonNode json(String answer) {
    return ControlJson.ANSWERS.readTree(body(answer));
  }

  /// Each line: a preference's `spec`, then what `ping` says of it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "second_factor: off                       | off      | [] | false",
        "second_factor: optional                  | optional | [\"webauthn\",\"otp\"] | true",
        "second_factor: on                        | on       | [\"webauthn\",\"otp\"] | true",
        "second_factor: otp                       | otp      | [\"otp\"] | false",
        "second_factors: [webauthn]               | webauthn | [\"webauthn\"] | true",
        "second_factors: [otp, webauthn]          | on       | [\"otp\",\"webauthn\"] | true",
        "'second_factor: on, allow_passwordless: no' | on    | [\"webauthn\",\"otp\"] | false"
      })
  void pingTellsHowPeopleSignIn(String spec, String word, String factors, boolean passwordless)
      throws IOException {
    facts = facts("{" + spec + "}");
    for (var path : new String[] {"/webapi/ping", "/webapi/find"}) {
      var auth = json(get(path)).at("/auth");
      assertThat(auth.at("/second_factor").asString()).isEqualTo(word);
      assertThat(auth.at("/second_factors").toString()).isEqualTo(factors);
      assertThat(auth.at("/has_motd").asBoolean()).isFalse();
    }
    var auth = json(get("/webapi/ping")).at("/auth");
    assertThat(auth.at("/allow_passwordless").asBoolean()).isEqualTo(passwordless);
    assertThat(auth.at("/allow_local_auth").asBoolean()).isTrue();
    assertThat(auth.at("/webauthn/rp_id").asString())
        .isEqualTo(factors.contains("webauthn") ? "proxy.example.com" : "");
    assertThat(auth.at("/preferred_local_mfa").asString())
        .isEqualTo(factors.equals("[]") ? "" : json("\r\n\r\n" + factors).get(0).asString());
  }

  @Test
  void messageOfTheDayIsForEverybody() throws IOException {
    assertThat(json(get("/webapi/motd")).at("/Text").asString()).isEmpty();
    facts = facts("{message_of_the_day: Be kind., default_session_ttl: 90m}");
    assertThat(json(get("/webapi/motd")).at("/Text").asString()).isEqualTo("Be kind.");
    assertThat(json(get("/v1/webapi/find")).at("/auth/has_motd").asBoolean()).isTrue();
    var ping = json(get("/webapi/ping"));
    assertThat(ping.at("/auth/has_motd").asBoolean()).isTrue();
    assertThat(ping.at("/auth/default_session_ttl").asString()).isEqualTo("1h30m0s");
    assertThat(json(get("/v1/web/cluster")).at("/message_of_the_day").asString())
        .isEqualTo("Be kind.");
  }

  private static WebFacts facts(String spec) {
    var resource =
        ResourceReader.read(
            "{kind: cluster_auth_preference, version: v2,"
                + " metadata: {name: cluster-auth-preference}, spec: %s}".formatted(spec),
            "test");
    return new WebFacts(
        "example.com",
        "proxy.example.com:443",
        "0.0.0.0:3080",
        "1.0.0",
        (AuthPreference) resource.getFirst());
  }

  @Test
  void findAndPingTellWhatTheClusterIsWithAndWithoutVersion() throws IOException {
    for (var prefix : new String[] {"", "/v1"}) {
      var find = json(get(prefix + "/webapi/find"));
      assertThat(find.at("/auth/type").asString()).isEmpty();
      assertThat(find.at("/proxy/ssh/public_addr").asString()).isEqualTo("proxy.example.com:443");
      assertThat(find.at("/proxy/ssh/web_listen_addr").asString()).isEqualTo("0.0.0.0:3080");
      assertThat(find.at("/proxy/tls_routing_enabled").asBoolean()).isTrue();
      assertThat(find.at("/cluster_name").asString()).isEqualTo("example.com");
      assertThat(find.at("/server_version").asString()).isEqualTo("1.0.0");

      var ping = json(get(prefix + "/webapi/ping"));
      assertThat(ping.at("/auth/type").asString()).isEqualTo("local");
      assertThat(ping.at("/auth/second_factor").asString()).isEqualTo("off");
      assertThat(ping.at("/auth/default_session_ttl").asString()).isEqualTo("12h0m0s");
      assertThat(json(get(prefix + "/webapi/ping/local"))).isEqualTo(ping);
      var wrong = get(prefix + "/webapi/ping/okta");
      assertThat(wrong).startsWith("HTTP/1.1 400");
      assertThat(json(wrong).at("/error/message").asString())
          .isEqualTo("invalid connector name: okta; valid options: local");
    }
  }

  @Test
  void aLoginReachesAuthWithTheAddressOfTheConnectionAlone() throws IOException {
    var answer =
        post(
            "/webapi/mfa/login/finish",
            "application/json; charset=utf-8",
            LOGIN,
            "X-Forwarded-For: 192.0.2.1\r\n");
    assertThat(json(answer).at("/certificate").asString()).isEqualTo("CERT");
    assertThat(desk.logins).hasSize(1);
    assertThat(desk.logins.getFirst().clientAddress()).isEqualTo(client);
    assertThat(desk.logins.getFirst().ttl()).isEmpty();
    var joined = post("/v1/webapi/host/join", "application/json", JOIN);
    assertThat(json(joined).at("/host_id").asString()).isEqualTo("host-1");
    assertThat(desk.joins.getFirst().clientAddress()).isEqualTo(client);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"user\":\"alice\",\"password\":\"p\",\"tls_pub_key\":\"K\",\"client_address\":\"1.2.3.4\"}",
        "{\"user\":\"alice\",\"user\":\"bob\",\"password\":\"p\",\"tls_pub_key\":\"K\"}",
        "{\"user\":null,\"password\":\"p\",\"tls_pub_key\":\"K\"}",
        "{\"user\":\"alice\"}",
        "[]",
        "null",
        "",
        "{\"user\":\"alice\",\"password\":\"p\",\"tls_pub_key\":\"K\"}}"
      })
  void aLoginThatIsNotExactlyOneIsRefusedBeforeAuthIsAsked(String body) throws IOException {
    var answer = post("/webapi/mfa/login/finish", "application/json", body);
    assertThat(answer).startsWith("HTTP/1.1 400");
    assertThat(json(answer).at("/error/message").asString()).isNotEmpty();
    assertThat(desk.logins).isEmpty();
  }

  @Test
  void refusalsOfAuthKeepTheirStatusAndWords() throws IOException {
    var wrong = post("/webapi/mfa/login/finish", "application/json", LOGIN.replace("horse", "cow"));
    assertThat(wrong).startsWith("HTTP/1.1 403");
    assertThat(json(wrong).at("/error/message").asString())
        .isEqualTo("invalid username, password or second factor");
    desk.down = true;
    assertThat(post("/webapi/host/join", "application/json", JOIN)).startsWith("HTTP/1.1 503");
  }

  @Test
  void aBodyOfAnotherTypeOrBeyondTheBoundIsRefused() throws IOException {
    assertThat(post("/webapi/mfa/login/finish", "text/plain", LOGIN)).startsWith("HTTP/1.1 400");
    var large = LOGIN + " ".repeat(RequestBody.BYTES_MAX);
    assertThat(post("/webapi/mfa/login/finish", "application/json", large))
        .startsWith("HTTP/1.1 400")
        .contains("longer than 65536 bytes");
    assertThat(desk.logins).isEmpty();
  }

  @Test
  void anAddressThatTriesTooOftenIsHeldBackAndNoOtherIs() throws IOException {
    int let = 0;
    String last = "";
    for (int i = 0; i < 25; i++) {
      last = post("/webapi/mfa/login/finish", "application/json", LOGIN);
      let += last.startsWith("HTTP/1.1 200") ? 1 : 0;
    }
    assertThat(let).isBetween(20, 22);
    assertThat(last).startsWith("HTTP/1.1 429").contains("Retry-After");
    assertThat(json(last).at("/error/kind").asString()).isEqualTo("LimitExceeded");
    assertThat(get("/webapi/ping")).startsWith("HTTP/1.1 200");
    client = "198.51.100.77";
    assertThat(post("/webapi/mfa/login/finish", "application/json", LOGIN))
        .startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/nothing",
        "/webapi/nothing",
        "/web",
        "/web/invite/first",
        "/webapi/ping",
        "/v1/web/cluster",
        "/v1/web/session"
      })
  void everyAnswerCarriesTheSecurityHeaders(String path) throws IOException {
    var answer = get(path).toLowerCase(Locale.ROOT);
    assertThat(answer)
        .contains(
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe-")
        .contains("x-content-type-options: nosniff")
        .contains("x-frame-options: deny")
        .contains("referrer-policy: no-referrer")
        .contains("cache-control: no-store")
        .contains("strict-transport-security:")
        .doesNotContain("set-cookie")
        .doesNotContain("access-control-allow");
  }

  @Test
  void whatIsNotThereIsJsonForProgramsAndAPageForPeople() throws IOException {
    assertThat(json(get("/webapi/nothing")).at("/error/message").asString())
        .isEqualTo("there is nothing here");
    assertThat(get("/nothing")).startsWith("HTTP/1.1 404").contains("<h1>Not found</h1>");
    assertThat(get("/webapi/mfa/login/finish")).startsWith("HTTP/1.1 405");
    assertThat(get("/webapi/../webapi/ping")).doesNotContain("HTTP/1.1 5");
    assertThat(get("/")).startsWith("HTTP/1.1 302").contains("Location: /web\r\n");
    assertThat(get(Page.STYLE_PATH)).contains("text/css").contains("max-age=3600");
  }

  @Test
  void theAppIsOnePageUnderEveryAddressOfItsOwnAndLoadsOnlyFilesOfOurs() throws IOException {
    var page = get("/web");
    assertThat(page).startsWith("HTTP/1.1 200").contains("text/html;charset=utf-8");
    for (var path : List.of("/web/", "/web/login", "/web/invite/x", "/web/account", "/web/a/b/c")) {
      assertThat(body(get(path))).as(path).isEqualTo(body(page));
    }
    var loaded =
        Pattern.compile("(?:src|href)=\"([^\"]*)\"")
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .filter(link -> !link.equals("data:,"))
            .toList();
    assertThat(loaded).hasSizeGreaterThanOrEqualTo(2).allMatch(link -> link.startsWith("/web/"));
    for (var link : loaded) {
      assertThat(get(link))
          .as(link)
          .startsWith("HTTP/1.1 200")
          .contains("Cache-Control: public, max-age=31536000, immutable")
          .containsPattern("Content-Type: text/(javascript|css)");
    }
    assertThat(body(page)).doesNotContain("<style").doesNotContain(" style=");
  }

  @Test
  void filesAreSentCompressedToWhoCanReadThat() throws IOException {
    var plain = get("/web");
    var compressed =
        RawHttp.exchange(
            server.http1(),
            client,
            "GET /web HTTP/1.1\r\nHost: p\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
    assertThat(plain).doesNotContain("Content-Encoding");
    assertThat(compressed).contains("Content-Encoding: gzip", "Vary: Accept-Encoding");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/web/assets/../../../../etc/passwd",
        "/web/assets/%2e%2e/%2e%2e/etc/passwd",
        "/web/files.txt%00.html",
        "/web//etc/passwd"
      })
  void noPathReachesAnotherFile(String path) throws IOException {
    assertThat(get(path)).doesNotContain("root:").doesNotContain("HTTP/1.1 5");
  }

  @Test
  void noHostHeaderOfAClientComesBackInAPage() throws IOException {
    assertThat(
            RawHttp.exchange(
                server.http1(),
                client,
                """
                GET /web HTTP/1.1\r
                Host: evil.example\r
                X-Forwarded-Host: evil.example\r
                Connection: close\r
                \r
                """))
        .startsWith("HTTP/1.1 200")
        .doesNotContain("evil.example");
  }
}
