package dev.sallyport.tsh.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What the port takes for a browser's answer, and what not.
final class CallbackTest {
  private static final String HOST = "127.0.0.1:4711";
  private static final String RIGHT =
      "GET /callback?response=abc HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";

  @Test
  void answersAndRejectionsAreKnown() {
    assertThat(Callback.parse(RIGHT, HOST)).isEqualTo(new Callback.Answer("abc"));
    assertThat(Callback.parse(RIGHT.replace("response=abc", "error=rejected"), HOST))
        .isEqualTo(new Callback.Rejected());
  }

  @Test
  void anythingElseIsNot() {
    for (var other :
        List.of(
            RIGHT.replace("GET", "POST"),
            RIGHT.replace("/callback", "/other"),
            RIGHT.replace("HTTP/1.1", "HTTP/2"),
            RIGHT.replace(HOST, "evil.example.com:4711"),
            RIGHT.replace("Host: " + HOST + "\r\n", ""),
            RIGHT.replace("\r\n\r\n", "\r\nHost: " + HOST + "\r\n\r\n"),
            RIGHT.replace("response=", "answer="),
            RIGHT.replace("response=abc", "response=%zz"),
            RIGHT.replace("response=abc", "error=other"),
            "",
            "\r\n")) {
      assertThat(Callback.parse(other, HOST)).as(other).isEqualTo(new Callback.Other());
    }
  }

  @Test
  void anyBytesAreTakenWithoutAnError() {
    var random = new Random(3);
    for (var i = 0; i < 5000; i++) {
      var text = new StringBuilder(RIGHT);
      for (var n = random.nextInt(6); n >= 0; n--) {
        text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
      }
      assertThat(Callback.parse(text.toString(), HOST)).isNotNull();
    }
  }
}
