package dev.sallyport.proxy.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.proxy.web.BrowserRig;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The web app's API as it goes over the wire: who may use it, and what it gives away.
class BrowserApiTest {
  private static final String SIGN_IN =
      "{\"user\":\"alice\",\"password\":\"" + FakeBrowserDesk.PASSWORD + "\"}";
  private static final String OURS =
      "Sallyport-Request: web\r\nOrigin: https://p.example:3080\r\nSec-Fetch-Site: same-origin\r\n";

  @TempDir Path data;
  private final FakeBrowserDesk desk = new FakeBrowserDesk();
  private Optional<BrowserRig> running = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    running = Optional.of(new BrowserRig(data, desk));
  }

  @AfterEach
  void stop() {
    rig().close();
  }

  private BrowserRig rig() {
    return running.orElseThrow();
  }

  private String send(String method, String path, String headers, String body) throws IOException {
    return send(method, path, headers, "application/json", body);
  }

  private String send(String method, String path, String headers, String type, String body)
      throws IOException {
    return rig()
        .exchange(
            "203.0.113.9",
            method
                + " "
                + path
                + " HTTP/1.1\r\nHost: p.example:3080\r\nConnection: close\r\n"
                + headers
                + (body.isEmpty()
                    ? ""
                    : "Content-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n")
                + "\r\n"
                + body);
  }

  private String post(String path, String headers, String body) throws IOException {
    return send("POST", path, OURS + headers, body);
  }

  private static JsonNode json(String answer) {
    return ControlJson.ANSWERS.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
  }

  /// Signs in and gives the header by which a browser shows it.
  private String signIn() throws IOException {
    var answer = post("/v1/web/session", "", SIGN_IN);
    assertThat(answer).startsWith("HTTP/1.1 204");
    var value = answer.replaceAll("(?s).*__Host-session=([A-Za-z0-9_-]{43});.*", "$1");
    return "Cookie: __Host-session=" + value + "\r\n";
  }

  @Test
  void aSignInGivesACookieThatNoScriptReadsAndNoOtherSiteSends() throws IOException {
    var answer = post("/v1/web/session", "", SIGN_IN);
    assertThat(answer)
        .containsPattern(
            "Set-Cookie: __Host-session=[A-Za-z0-9_-]{43}; Path=/; Max-Age=43[12]\\d\\d; Secure;"
                + " HttpOnly; SameSite=Strict\r\n")
        .contains("Cache-Control: no-store");
    assertThat(desk.signIns.getFirst().clientAddress()).isEqualTo("203.0.113.9");
    var wrong = post("/v1/web/session", "", SIGN_IN.replace("horse", "cow"));
    assertThat(wrong).startsWith("HTTP/1.1 403").doesNotContain("Set-Cookie");
    assertThat(json(wrong).at("/error/message").asString())
        .isEqualTo("invalid username or password");
  }

  @Test
  void whatASignedInUserSeesComesWithTheSessionsOwnCertificate() throws IOException {
    var cookie = signIn();
    var session = json(send("GET", "/v1/web/session", cookie, ""));
    assertThat(session.at("/user").asString()).isEqualTo("alice");
    assertThat(session.at("/roles/0").asString()).isEqualTo("access");
    var databases = json(send("GET", "/v1/web/databases", cookie, ""));
    assertThat(databases.at("/databases/0/name").asString()).isEqualTo("orders");
    assertThat(databases.at("/databases/0/labels/env").asString()).isEqualTo("dev");
    assertThat(desk.identities.getFirst().leaf().getSubjectX500Principal().getName())
        .contains("CN=alice");
  }

  @Test
  void signingOutEndsTheSessionAtAuthAndTakesTheCookie() throws IOException {
    var cookie = signIn();
    send("GET", "/v1/web/databases", cookie, "");
    var answer = send("DELETE", "/v1/web/session", OURS + cookie, "");
    assertThat(answer).startsWith("HTTP/1.1 204").contains("__Host-session=; Path=/; Max-Age=0;");
    assertThat(desk.sessions).isEmpty();
    assertThat(send("GET", "/v1/web/session", cookie, "")).startsWith("HTTP/1.1 401");
    assertThat(send("DELETE", "/v1/web/session", OURS, "")).startsWith("HTTP/1.1 204");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/web/databases?x=/v1/web/cluster",
        "/v1/web/databases?/v1/webapi/ping",
        "/v1/web/databases;/v1/webapi/ping",
        "/v1/web/databases%0a/v1/webapi/ping",
        "/v1/web/databases%3f/../cluster",
        "/v1/web/cluster/../databases",
        "/v1/web/cluster/%2e%2e/databases",
        "/v1/web/%2fcluster",
        "/v1/web/cluster%00",
        "/v1/webapi/ping%0a",
        "/v1/web/CLUSTER"
      })
  void aQueryAndAnEncodedPathLeadToNoOtherRoute(String path) throws IOException {
    assertThat(send("GET", "/v1/web/cluster", "", "")).startsWith("HTTP/1.1 200");
    assertThat(send("GET", path, "", "")).doesNotStartWith("HTTP/1.1 2");
  }

  @Test
  void aSecondSignInInTheSameBrowserEndsTheFirst() throws IOException {
    var cookie = signIn();
    assertThat(post("/v1/web/session", cookie, SIGN_IN)).startsWith("HTTP/1.1 204");
    assertThat(desk.sessions).hasSize(1);
    assertThat(send("GET", "/v1/web/session", cookie, "")).startsWith("HTTP/1.1 401");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Cookie: __Host-session=short\r\n",
        "Cookie: session=sssssssssssssssssssssssssssssssssssssssssss\r\n",
        "Cookie: __Host-session=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n"
      })
  void withoutASessionNothingOfAUsersIsShown(String cookie) throws IOException {
    signIn();
    for (var path : List.of("/v1/web/session", "/v1/web/databases", "/v1/web/devices")) {
      assertThat(send("GET", path, cookie, "")).as(path).startsWith("HTTP/1.1 401");
    }
    assertThat(desk.identities).isEmpty();
  }

  @Test
  void twoCookiesOfTheNameAreNone() throws IOException {
    var cookie = signIn().strip();
    var planted = cookie + "; __Host-session=" + "x".repeat(43) + "\r\n";
    assertThat(send("GET", "/v1/web/session", planted, "")).startsWith("HTTP/1.1 401");
  }

  @Test
  void aSessionThatEndedWhileItsCertificateIsGoodIsTold() throws IOException {
    var cookie = signIn();
    send("GET", "/v1/web/databases", cookie, "");
    desk.personRefusal =
        Optional.of(new ControlException(ErrorKind.ACCESS_DENIED, "this web session has ended"));
    assertThat(send("GET", "/v1/web/databases", cookie, "")).startsWith("HTTP/1.1 403");
    desk.sessions.clear();
    var over = send("GET", "/v1/web/databases", cookie, "");
    assertThat(over).startsWith("HTTP/1.1 401").contains("Max-Age=0");
  }

  /// What another site can have a browser send, one turn at a time; each alone is refused.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''",
        "Origin: https://p.example:3080",
        "Sallyport-Request: web",
        "Sallyport-Request: web;Origin: https://evil.example",
        "Sallyport-Request: web;Origin: http://p.example:3080",
        "Sallyport-Request: web;Origin: https://p.example",
        "Sallyport-Request: web;Origin: https://p.example:3080.evil.example",
        "Sallyport-Request: web;Origin: null",
        "Sallyport-Request: 1;Origin: https://p.example:3080",
        "Sallyport-Request: web;Origin: https://p.example:3080;Sec-Fetch-Site: cross-site",
        "Sallyport-Request: web;Origin: https://p.example:3080;Sec-Fetch-Site: same-site",
        "Sallyport-Request: web;Origin: https://p.example:3080;Sec-Fetch-Site: none"
      })
  void nothingChangesForARequestThatAnotherSiteBegan(String headers) throws IOException {
    var cookie = signIn();
    var forged = headers.isEmpty() ? "" : headers.replace(";", "\r\n") + "\r\n";
    int asked = desk.asked.size();
    for (var operation : operations()) {
      if (!operation.method().equals(HandlerType.GET)) {
        var answer = send(operation.method().name(), operation.path(), forged + cookie, "{}");
        assertThat(answer).as(operation.path()).startsWith("HTTP/1.1 403");
        assertThat(json(answer).at("/error/message").asString()).contains("a page of this site");
      }
    }
    assertThat(desk.sessions).hasSize(1);
    assertThat(desk.asked).hasSize(asked);
    assertThat(desk.passwords).isEmpty();
  }

  private List<Operation<?, ?>> operations() {
    return new BrowserApi(
            () -> new dev.sallyport.proxy.browser.api.ClusterView("c", "p", "v", Optional.empty()),
            desk,
            InstantSource.system())
        .operations();
  }

  @Test
  void aFormOfAnotherSiteIsRefusedByItsTypeToo() throws IOException {
    for (var type : List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form")) {
      var answer = send("POST", "/v1/web/session", OURS, type, SIGN_IN);
      assertThat(answer).as(type).startsWith("HTTP/1.1 400");
    }
    assertThat(desk.signIns).isEmpty();
  }

  @Test
  void aLinkIsOfOneKindAndGivesItsUserAwayToNobodyElse() throws IOException {
    var open = post("/v1/web/links/open", "", "{\"kind\":\"invite\",\"token\":\"first\"}");
    assertThat(json(open).at("/user").asString()).isEqualTo("alice");
    assertThat(json(open).at("/device_required").asBoolean()).isTrue();
    for (var wrong :
        List.of(
            "{\"kind\":\"reset\",\"token\":\"first\"}",
            "{\"kind\":\"invite\",\"token\":\"again\"}",
            "{\"kind\":\"invite\",\"token\":\"../invites/first\"}",
            "{\"kind\":\"invite\",\"token\":\"\"}",
            "{\"kind\":\"\",\"token\":\"first\"}")) {
      assertThat(post("/v1/web/links/open", "", wrong)).as(wrong).startsWith("HTTP/1.1 404");
      var form = "{\"link\":" + wrong + ",\"password\":\"a long password\"}";
      assertThat(post("/v1/web/links/accept", "", form)).as(wrong).startsWith("HTTP/1.1 404");
      var device = "{\"link\":" + wrong + ",\"device_kind\":\"totp\"}";
      assertThat(post("/v1/web/links/device", "", device)).as(wrong).startsWith("HTTP/1.1 404");
    }
    assertThat(desk.passwords).isEmpty();
    var used =
        post(
            "/v1/web/links/accept",
            "",
            "{\"link\":{\"kind\":\"invite\",\"token\":\"first\"},\"password\":\"a long password\","
                + "\"device\":{\"id\":\"e1\",\"device_name\":\"phone\",\"totp_code\":\"123456\"}}");
    assertThat(used).startsWith("HTTP/1.1 204");
    assertThat(desk.passwords.getFirst().device()).isPresent();
    assertThat(desk.passwords.getFirst().clientAddress()).isEqualTo("203.0.113.9");
  }

  @Test
  void aToolsRequestIsShownProvenApprovedAndRejected() throws IOException {
    var info = json(post("/v1/web/console/open", "", "{\"id\":\"r1\"}"));
    assertThat(info.at("/address").asString()).isEqualTo("192.0.2.7");
    assertThat(info.at("/client/program").asString()).isEqualTo("tsh 1.0.0");
    var ticket = post("/v1/web/console/sign-in", "", "{\"id\":\"r1\",\"proof\":" + SIGN_IN + "}");
    assertThat(json(ticket).at("/ticket").asString()).isEqualTo("ticket");
    var approved = post("/v1/web/console/approve", "", "{\"id\":\"r1\",\"ticket\":\"ticket\"}");
    assertThat(json(approved).at("/redirect").asString()).startsWith("http://127.0.0.1:1/");
    post("/v1/web/console/reject", "", "{\"id\":\"r2\"}");
    assertThat(desk.asked)
        .containsExactly("console r1 from 203.0.113.9", "approve r1 with ticket", "reject r2");
    assertThat(post("/v1/web/console/reject", "", "{\"id\":\"../r2\"}")).startsWith("HTTP/1.1 404");
  }

  @Test
  void eachRouteHoldsAnAddressBackThatAsksTooOften() throws IOException {
    assertThat(letThrough("/v1/web/session", "{\"user\":\"a\",\"password\":\"b\"}"))
        .isBetween(20, 30);
    assertThat(letThrough("/v1/web/links/open", "{\"kind\":\"invite\",\"token\":\"x\"}"))
        .isBetween(30, 50);
    assertThat(letThrough("/v1/web/devices/challenge", "{}")).isBetween(120, 230);
  }

  private int letThrough(String path, String body) throws IOException {
    var let = 0;
    for (int i = 0; i < 250; i++) {
      if (post(path, "", body).startsWith("HTTP/1.1 429")) {
        return let;
      }
      let++;
    }
    return let;
  }

  /// Fixed seed: bytes and near-misses of every operation are answered with a refusal, never with a
  /// fault of ours, and never reach Auth half-read.
  @Test
  void whatIsNoRequestIsRefusedAndNothingBreaks() throws IOException {
    var random = new Random(20261126);
    var paths =
        operations().stream().filter(one -> one.asks().isPresent()).map(Operation::path).toList();
    var bodies = new ArrayList<>(List.of("[]", "null", "{", "\"\"", "{\"user\":{}}", "{}}"));
    bodies.add("{\"a\":".repeat(70) + "1" + "}".repeat(70));
    bodies.add("{\"user\":\"alice\",\"user\":\"bob\",\"password\":\"x\"}");
    bodies.add("{\"link\":{\"kind\":\"invite\",\"token\":null},\"password\":\"x\"}");
    for (int i = 0; i < 40; i++) {
      var mutated = new StringBuilder(SIGN_IN);
      mutated.setCharAt(random.nextInt(mutated.length()), (char) (' ' + random.nextInt(95)));
      mutated.deleteCharAt(random.nextInt(mutated.length()));
      bodies.add(mutated.toString());
    }
    for (var body : bodies) {
      var path = paths.get(random.nextInt(paths.size()));
      if (!path.endsWith("/challenge")) {
        assertThat(post(path, "", body)).as(path + " " + body).matches("(?s)HTTP/1.1 4.*");
      }
    }
  }
}
