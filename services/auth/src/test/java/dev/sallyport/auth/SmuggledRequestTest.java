package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests whose end two readers could see in different places, each followed by a good one on the
/// same connection, from a client that may do everything.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SmuggledRequestTest {
  private static final String BODY = "{\"roles\":[\"Db\"],\"databases\": []}";
  private static final String HEAD =
      "POST /v1/tokens HTTP/1.1\r\nHost: auth\r\nContent-Type: application/json\r\n";
  private static final String NEXT =
      "GET /v1/status HTTP/1.1\r\nHost: auth\r\nConnection: close\r\n\r\n";

  private final Cluster cluster;

  SmuggledRequestTest(@TempDir Path folder) throws IOException {
    cluster = new Cluster(folder);
  }

  @BeforeAll
  void start() {
    assertThat(cluster.auth().boundPort()).isPositive();
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private String say(String rest) throws IOException {
    var client = new RawClient(cluster.auth().boundPort(), cluster.adminIdentity());
    return client.say(
        HEAD + rest.replace("BODY", BODY).replace("LENGTH", "" + BODY.length()) + NEXT);
  }

  private static int answers(String text) {
    return text.split("HTTP/1\\.1 ", -1).length - 1;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: LENGTH\r\n\r\nBODY",
        "Transfer-Encoding: chunked\r\n\r\n20\r\nBODY\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n20;name=value\r\nBODY\r\n0;last\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n20\r\nBODY\r\n0\r\nX-Sum: 1\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n20\r\nBODY\r\n0\r\nContent-Length: 70\r\n\r\n"
      })
  void whatIsClearIsTakenAndTheNextRequestToo(String rest) throws IOException {
    assertThat(BODY.length()).isEqualTo(0x20);
    var answer = say(rest);
    assertThat(answer).startsWith("HTTP/1.1 200").contains(Cluster.NAME);
    assertThat(answers(answer)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: LENGTH\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nBODY\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: LENGTH\r\n\r\nBODY",
        "Transfer-Encoding: xchunked\r\n\r\n20\r\nBODY\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n20\r\nBODY\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n20\r\nBODY\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n20\r\nBODY\r\n0\r\n\r\n",
        "Content-Length : LENGTH\r\n\r\nBODY",
        "Transfer-Encoding: chunked\r\n\r\n20\nBODY\n0\n\n",
        "Transfer-Encoding: chunked\r\n\r\n-20\r\nBODY\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0x20\r\nBODY\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nBODY\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n20\r\nBODYmore\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n20\rBODY\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n20;a=b\rc\r\nBODY\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n20;a=b\nBODY\r\n0\r\n\r\n",
        "X-A: b\rContent-Length: 4\r\nContent-Length: LENGTH\r\n\r\nBODY",
        "Content-Length: LENGTH\r\nContent-Length: 4\r\n\r\nBODY",
        "Content-Length: 4\r\nContent-Length: LENGTH\r\n\r\nBODY",
        "Content-Length: -1\r\n\r\nBODY",
        "Content-Length: +LENGTH\r\n\r\nBODY",
        "Content-Length: 4, LENGTH\r\n\r\nBODY",
        "Content-Length: 0x20\r\n\r\nBODY",
        "X-A: b\u0000c\r\nContent-Length: LENGTH\r\n\r\nBODY",
        "X-A: b\r\n folded\r\nContent-Length: LENGTH\r\n\r\nBODY",
        "X-A\r\nContent-Length: LENGTH\r\n\r\nBODY"
      })
  void whatTwoReadersCouldReadDifferentlyIsRefusedAndTheConnectionClosed(String rest)
      throws IOException {
    var before = Recorded.in(cluster.folder);
    var answer = say(rest);
    assertThat(answer).doesNotContain(Cluster.NAME).doesNotContain("\"metadata\"");
    assertThat(answers(answer)).isLessThanOrEqualTo(1);
    assertThat(answer)
        .satisfiesAnyOf(
            none -> assertThat(none).isEmpty(),
            refusal -> assertThat(refusal).startsWith("HTTP/1.1 4"));
    assertThat(tokens(Recorded.in(cluster.folder))).isEqualTo(tokens(before));
  }

  /// The request before it may be done: what stands behind it is none, nor is a good one after it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "20\r\nBODY\r\n0\r\n\r\ngarbage\r\n\r\n",
        "20\r\nBODY\r\n0\r\n\r\n0\r\n\r\n",
        "20\r\nBODY\r\n0\r\nX-Sum: 1\rX-B: 2\r\n\r\n",
        "20\r\nBODY\r\n0\r\ngarbage\r\n\r\n"
      })
  void garbageBehindTheLastChunkEndsTheConnectionAndTheNextRequestIsNotAnswered(String body)
      throws IOException {
    long before = tokens(Recorded.in(cluster.folder));
    var answer = say("Transfer-Encoding: chunked\r\n\r\n" + body);
    assertThat(answer).doesNotContain(Cluster.NAME).contains("HTTP/1.1 400");
    assertThat(answers(answer)).isLessThanOrEqualTo(2);
    assertThat(tokens(Recorded.in(cluster.folder))).isBetween(before, before + 1);
  }

  /// A good request in 32 MiB of blanks, of which nobody here ever learns.
  @ParameterizedTest
  @ValueSource(strings = {"Content-Encoding: gzip\r\n", ""})
  void aZipBombIsNotInflatedButRefused(String coding) throws IOException {
    var before = Recorded.in(cluster.folder);
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write((BODY + " ".repeat(32 << 20)).getBytes(StandardCharsets.UTF_8));
    }
    var request = new ByteArrayOutputStream();
    var head = HEAD + coding + "Connection: close\r\nContent-Length: " + packed.size();
    request.writeBytes((head + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    request.writeBytes(packed.toByteArray());
    var client = new RawClient(cluster.auth().boundPort(), cluster.adminIdentity());
    assertThat(client.say(request.toByteArray())).startsWith("HTTP/1.1 4");
    assertThat(tokens(Recorded.in(cluster.folder))).isEqualTo(tokens(before));
  }

  /// Tokens that were made, by their records.
  private static long tokens(String records) {
    return records.lines().filter(line -> line.contains("join_token.create")).count();
  }

  @Test
  void bareLineFeedsInTheHeadAreNoLineEnds() throws IOException {
    var client = new RawClient(cluster.auth().boundPort(), cluster.adminIdentity());
    var answer = client.say("GET /v1/status HTTP/1.1\nHost: auth\nX-A: b\n\n" + NEXT);
    assertThat(answers(answer)).isLessThanOrEqualTo(1);
    assertThat(answer).doesNotContain(Cluster.NAME);
  }
}
