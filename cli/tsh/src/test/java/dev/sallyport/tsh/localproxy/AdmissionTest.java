package dev.sallyport.tsh.localproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is let in beyond the standard, when each name of it was given.
final class AdmissionTest {
  private static final String PAGE = "https://tools.example.com";
  private static ProxyUnderTest it;

  @BeforeAll
  static void open() throws IOException {
    it =
        new ProxyUnderTest(
            ProxyUnderTest.LIMITS,
            new Admission(
                Set.of(Admission.host("Host.Docker.Internal"), Admission.host("other:77")),
                Set.of(Admission.origin(PAGE)),
                false,
                Optional.empty()));
  }

  @AfterAll
  static void close() throws IOException {
    it.close();
  }

  private static String post(String host, String headers) {
    return "POST / HTTP/1.1\r\nHost: %s\r\n%sContent-Length: 2\r\n\r\n{}"
        .formatted(host.replace("PORT", "" + it.port()), headers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"host.docker.internal:PORT", "HOST.docker.internal:PORT", "other:77"})
  void namedHostsAreLetIn(String host) throws IOException {
    assertThat(it.exchange(post(host, ""))).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host.docker.internal",
        "host.docker.internal:1",
        "other:PORT",
        "a.host.docker.internal:PORT",
        "evil.example:PORT"
      })
  void otherHostsStayOut(String host) throws IOException {
    assertThat(it.exchangeUntilClosed(post(host, "")))
        .startsWith("HTTP/1.1 403 ")
        .contains("--allow-host");
  }

  @Test
  void theAuthorityOfAnAbsoluteTargetMustBeAllowedAndEqualToHost() throws IOException {
    var equal = post("other:77", "").replace("POST /", "POST http://OTHER:77/");
    assertThat(it.exchange(equal)).startsWith("HTTP/1.1 200 ");
    var different = post("other:77", "").replace("POST /", "POST http://localhost:" + it.port());
    assertThat(it.exchangeUntilClosed(different)).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void aNamedPageMayAskAndReadAndOthersMayNot() throws IOException {
    var answer =
        it.exchange(
            post("localhost:PORT", "Origin: " + PAGE + "\r\nSec-Fetch-Site: cross-site\r\n"));
    assertThat(answer)
        .startsWith("HTTP/1.1 200 ")
        .contains("Access-Control-Allow-Origin: " + PAGE + "\r\n", "Vary: Origin\r\n");
    for (var other :
        new String[] {
          "null", "*", PAGE + ".evil.example", PAGE + "/", "http://tools.example.com"
        }) {
      assertThat(it.exchangeUntilClosed(post("localhost:PORT", "Origin: " + other + "\r\n")))
          .startsWith("HTTP/1.1 403 ")
          .doesNotContainIgnoringCase("access-control");
    }
    assertThat(
            it.exchangeUntilClosed(
                post("localhost:PORT", "Origin: %s\r\nOrigin: %s\r\n".formatted(PAGE, PAGE))))
        .startsWith("HTTP/1.1 403 ");
    assertThat(it.exchangeUntilClosed(post("localhost:PORT", "Sec-Fetch-Site: cross-site\r\n")))
        .startsWith("HTTP/1.1 403 ");
  }

  @Test
  void aNamedPageGetsItsPreflightAndNothingMore() throws IOException {
    var preflight =
        "OPTIONS / HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: %s\r\n".formatted(it.port(), PAGE)
            + "Access-Control-Request-Method: POST\r\n"
            + "Access-Control-Request-Private-Network: true\r\n"
            + "Access-Control-Request-Headers: authorization,"
            + " X-Amz-Target,cookie,x-amz-date\r\n\r\n";
    assertThat(it.exchange(preflight))
        .startsWith("HTTP/1.1 204 ")
        .contains(
            "Access-Control-Allow-Origin: " + PAGE + "\r\n",
            "Access-Control-Allow-Methods: POST\r\n",
            "Access-Control-Allow-Headers: authorization, x-amz-target, x-amz-date\r\n",
            "Access-Control-Allow-Private-Network: true\r\n")
        .doesNotContain("cookie", "Credentials");
    assertThat(it.exchangeUntilClosed(preflight.replace(PAGE, "https://evil.example")))
        .startsWith("HTTP/1.1 403 ")
        .doesNotContainIgnoringCase("access-control");
  }

  /// DynamoDB Local, for one, answers every origin.
  @Test
  void whatTheFarEndGrantsToPagesIsLeftOut() throws IOException {
    it.upstream.script((request, out) -> {
      ScriptedUpstream.respond(out, new byte[0], "Access-Control-Allow-Origin: *\r\n");
      return true;
    });
    assertThat(it.exchange(post("localhost:PORT", "")))
        .startsWith("HTTP/1.1 200 ")
        .doesNotContainIgnoringCase("access-control");
    assertThat(it.exchange(post("localhost:PORT", "Origin: " + PAGE + "\r\n")))
        .contains("Access-Control-Allow-Origin: " + PAGE + "\r\n")
        .doesNotContain("Origin: *");
    it.upstream.script(ScriptedUpstream::echo);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "*",
        "https://*.example.com",
        "https://a.example/",
        "a.example",
        "https://",
        "https://A.example",
        "https://a.example\r\nX: 1"
      })
  void noOriginButAnExactOneCanBeNamed(String origin) {
    assertThatThrownBy(() -> Admission.origin(origin))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one origin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "*.example.com", "", "a b", "a/b", "http://a", "a:b", "a:0", "a\n"})
  void noHostButAPlainOneCanBeNamed(String host) {
    assertThatThrownBy(() -> Admission.host(host))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one host name");
  }
}
