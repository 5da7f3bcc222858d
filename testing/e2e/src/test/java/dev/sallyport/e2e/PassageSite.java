package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.ReceivedRequest;
import dev.sallyport.testkit.aws.WireHeader;
import dev.sallyport.testkit.aws.WireRequest;
import dev.sallyport.testkit.aws.WireResponse;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The guide's site with an open tunnel, and both ends of what passes through it: the client's
 * connection to the local port, and {@link FarEnd} behind the gate that verifies signatures.
 */
final class PassageSite implements AutoCloseable {
  /** The headers of an answer that say something to a client; all others belong to one hop. */
  static final Set<String> MATTER =
      Set.of(
          "content-encoding",
          "content-type",
          "date",
          "server",
          "x-amz-crc32",
          "x-amz-id-2",
          "x-amzn-errortype",
          "x-amzn-requestid");

  /** The headers of a request, of the client's own choice, that AWS may decide by. */
  private static final List<String> PASSED =
      List.of("Content-Type", "Accept-Encoding", "User-Agent", "Accept", "X-Amz-User-Agent");

  final int port = FreePorts.next();
  final FarEnd farEnd = new FarEnd();
  final GuideSite guide;
  private final RunningProcess tunnel;
  private final AtomicLong ids = new AtomicLong();

  /** Starts cluster, agent and tunnel in {@code folder}. */
  PassageSite(Path folder) throws IOException, InterruptedException {
    guide =
        new GuideSite(
            folder,
            AwsStandIn.start(
                AwsStandIn.Account.example(), InstantSource.system(), farEnd, Optional.empty()));
    try {
      guide.startAll();
      tunnel = guide.openTunnel(port);
    } catch (AssertionError | IOException | InterruptedException e) {
      guide.close();
      throw e;
    }
  }

  RawClient connect() throws IOException {
    return new RawClient(port);
  }

  String newId() {
    return "passage-" + ids.incrementAndGet();
  }

  /** What reached the gate since it last forgot. */
  List<WireRequest> arrived() {
    return guide.aws.gate().received().stream().map(ReceivedRequest::request).toList();
  }

  /** Sends one request, has it answered so, and compares both ends. */
  void pass(
      RawClient client,
      String target,
      byte[] body,
      RawRequest.Form form,
      WireResponse.Answer answer)
      throws IOException {
    RawRequest request = RawRequest.of(newId(), target, body, form);
    farEnd.expect(request.id(), answer);
    request.sendBy(client, port);
    compare(request, client.read(), answer);
  }

  /** Fails unless what arrived is what was sent, in both directions. */
  void compare(RawRequest sent, RawClient.Got got, WireResponse.Answer answer) {
    String what = sent.target() + " " + sent.body().length + " bytes " + sent.form();
    assertThat(got.status()).as("%s: %s", what, got).isEqualTo(answer.status());
    WireRequest came = farEnd.take(sent.id());
    assertThat(came.method() + " " + came.path() + came.query()).isEqualTo("POST /");
    assertThat(came.all("X-Amz-Target")).as(what).containsExactly(sent.target());
    for (String name : PASSED) {
      assertThat(came.all(name)).as("%s: %s", what, name).isEqualTo(sent.manner().all(name));
    }
    assertSame(what + ": request", sent.body(), came.body());
    assertSame(what + ": answer", answer.body(), got.body());
    assertThat(mattering(got.headers())).as(what).isEqualTo(mattering(answer.headers()));
  }

  private static void assertSame(String what, byte[] sent, byte[] arrived) {
    int difference = Arrays.mismatch(sent, arrived);
    assertThat(difference)
        .as("%s: first difference of %d bytes sent, %d arrived", what, sent.length, arrived.length)
        .isEqualTo(-1);
  }

  private static List<String> mattering(List<WireHeader> headers) {
    return headers.stream()
        .map(header -> header.name().toLowerCase(Locale.ROOT) + ": " + header.value())
        .filter(line -> MATTER.contains(line.substring(0, line.indexOf(':'))))
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    tunnel.close();
    guide.close();
  }
}
