package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.dynamodb.Operation;
import dev.sallyport.dynamodb.Operations;
import dev.sallyport.e2e.RawRequest.Form;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.aws.WireHeader;
import dev.sallyport.testkit.aws.WireResponse.Answer;
import dev.sallyport.testkit.aws.WireResponse.Framing;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client cannot tell the tunnel from DynamoDB. Each passage is compared at both ends: what AWS's
 * stand-in received with what the client sent, and what the client got with what the stand-in sent.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TransparencyIT {
  private static final int KB = 1024;
  private static final int MB = 1024 * KB;
  private static final int CONNECTIONS = 256;
  private static final List<Form> FORMS = List.of(Form.values());
  private static final String PUT = "DynamoDB_20120810.PutItem";
  private static final String BATCH = "DynamoDB_20120810.BatchWriteItem";

  @TempDir static Path folder = Path.of("");

  private @Nullable PassageSite started;

  @BeforeAll
  void start() throws Exception {
    started = new PassageSite(folder);
  }

  @AfterAll
  void nothingCameAgain() {
    if (started != null) {
      started.close();
      assertThat(started.farEnd.cameAgain()).isEmpty();
    }
  }

  private PassageSite site() {
    return Objects.requireNonNull(started, "not started");
  }

  static Stream<String> operations() {
    return Operations.all().stream().map(Operation::target);
  }

  private static Answer ok(byte[] body) {
    return ScriptedUpstream.json(200, UUID.randomUUID().toString(), body);
  }

  @Test
  void theServiceModelsOperationsAreAllTried() {
    assertThat(operations())
        .filteredOn(target -> target.startsWith("DynamoDB_"))
        .hasSizeGreaterThanOrEqualTo(57);
    assertThat(operations()).filteredOn(target -> target.startsWith("DynamoDBStreams_")).hasSize(4);
    assertThat(operations())
        .filteredOn(target -> target.startsWith("AmazonDAXV3."))
        .hasSizeGreaterThanOrEqualTo(21);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void anOperationPassesInEverySizeAndFormOnOneConnection(String target) throws IOException {
    try (RawClient client = site().connect()) {
      for (int size : List.of(2, KB, 64 * KB)) {
        for (Form form : FORMS) {
          site().pass(client, target, Bodies.json(size), form, ok(Bodies.random(size)));
        }
      }
      Form form = FORMS.get(Math.floorMod(target.hashCode(), FORMS.size()));
      site().pass(client, target, Bodies.json(MB), form, ok(Bodies.random(MB)));
    }
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void sixteenMegabytesPassBothWays(Form form) throws IOException {
    try (RawClient client = site().connect()) {
      site().pass(client, BATCH, Bodies.json(16 * MB), form, ok(Bodies.random(16 * MB)));
      site().pass(client, PUT, Bodies.json(MB), form, ok(Bodies.random(MB)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 500, 503})
  void anErrorPassesWithItsBody(int status) throws IOException {
    byte[] body =
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\","
            .concat("\"message\":\"The conditional request failed\"}")
            .getBytes(StandardCharsets.UTF_8);
    try (RawClient client = site().connect()) {
      for (Form form : FORMS) {
        site()
            .pass(
                client,
                PUT,
                Bodies.json(KB),
                form,
                ScriptedUpstream.json(status, UUID.randomUUID().toString(), body));
      }
    }
  }

  @Test
  void aCompressedAnswerPassesAsItIs() throws IOException {
    byte[] packed = Bodies.gzip(Bodies.json(64 * KB));
    List<WireHeader> headers = new ArrayList<>(ok(packed).headers());
    headers.add(new WireHeader("Content-Encoding", "gzip"));
    try (RawClient client = site().connect()) {
      for (var framing : Framing.values()) {
        site()
            .pass(
                client,
                "DynamoDB_20120810.Query",
                Bodies.json(KB),
                Form.SIZED,
                Answer.of(200, headers, packed).framed(framing));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Framing.class)
  void anAnswerPassesHoweverItsEndIsTold(Framing framing) throws IOException {
    try (RawClient client = site().connect()) {
      for (int size : List.of(0, 1, 2, KB, 64 * KB, MB, 3)) {
        site()
            .pass(client, PUT, Bodies.json(2), Form.SIZED, ok(Bodies.random(size)).framed(framing));
      }
    }
  }

  @Test
  void everyHeaderThatMattersPassesWithItsValue() throws IOException {
    List<WireHeader> headers = new ArrayList<>();
    for (String name : PassageSite.MATTER) {
      headers.add(new WireHeader(name, "value of " + name));
    }
    try (RawClient client = site().connect()) {
      site().pass(client, PUT, Bodies.json(2), Form.SIZED, Answer.of(200, headers, Bodies.json(2)));
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
    List<RawRequest> requests = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Form form = i % 2 == 0 ? Form.SIZED : Form.CHUNKED;
      int size = i % 10 == 9 ? 300 * KB : 2 + 37 * i;
      requests.add(RawRequest.of(site().newId(), PUT, Bodies.json(size), form));
      answers.add(ok(Bodies.random(1 + 53 * i)));
      site().farEnd.expect(requests.getLast().id(), answers.getLast());
    }
    try (RawClient client = site().connect();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> sending =
          threads.submit(() -> {
            for (RawRequest request : requests) {
              client.send(request.bytes(site().port));
            }
            client.halfClose();
            return null;
          });
      for (int i = 0; i < requests.size(); i++) {
        site().compare(requests.get(i), client.read(), answers.get(i));
      }
      sending.get();
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void aRequestSplitAnywherePasses() throws IOException {
    RawRequest sample = RawRequest.of("", PUT, Bodies.json(200), Form.CHUNKED);
    int length = sample.bytes(site().port).length;
    try (RawClient client = site().connect()) {
      for (int split = 1; split < length; split += 7) {
        RawRequest request = RawRequest.of(site().newId(), PUT, sample.body(), sample.form());
        Answer answer = ok(Bodies.random(10));
        site().farEnd.expect(request.id(), answer);
        byte[] bytes = request.bytes(site().port);
        client.send(Arrays.copyOfRange(bytes, 0, split));
        client.send(Arrays.copyOfRange(bytes, split, bytes.length));
        site().compare(request, client.read(), answer);
      }
    }
  }

  @Test
  void eachOf256ConnectionsAtOnceGetsItsOwnAnswer() throws Exception {
    site().farEnd.gather(CONNECTIONS);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        int number = i;
        clients.add(
            threads.submit(() -> {
              oneOfMany(number);
              return null;
            }));
      }
      for (Future<?> client : clients) {
        client.get();
      }
    }
  }

  private void oneOfMany(int number) throws IOException {
    try (RawClient client = site().connect()) {
      for (int round = 0; round < 4; round++) {
        Form form = FORMS.get((number + round) % FORMS.size());
        byte[] own =
            ("{\"client\":" + number + ",\"round\":" + round + "}")
                .getBytes(StandardCharsets.UTF_8);
        site().pass(client, PUT, own, form, ok(Bodies.random(1000 + 4 * number + round)));
      }
    }
  }

  @Test
  void fiveThousandGeneratedRequestsGetWhatDynamoDbItselfSays() throws IOException {
    try (Differential differential = new Differential(site())) {
      Differential.Outcome outcome = differential.run(20261126, 5000);
      assertThat(outcome.statuses())
          .hasEntrySatisfying(200, taken -> assertThat(taken).isGreaterThan(1500))
          .hasEntrySatisfying(400, refused -> assertThat(refused).isGreaterThan(1500));
      assertThat(outcome.operations()).containsOnlyKeys(operations().toList());
      assertThat(outcome.operations())
          .allSatisfy((operation, statuses) -> assertThat(statuses).as(operation).contains(200));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatOtherServersTakeAndTheTunnelDoesNotIsOnTheList(Refused each) throws IOException {
    try (Differential differential = new Differential(site())) {
      differential.refuses(each);
    }
  }

  /** Java's own client asks each server for HTTP/2 first, in headers that must go nowhere. */
  @Test
  void javasOwnHttpClientSeesWhatAwsSent() throws Exception {
    site().guide.aws.gate().forget();
    URI uri = URI.create("http://localhost:" + site().port + "/");
    try (HttpClient client = HttpClient.newHttpClient()) {
      List<CompletableFuture<HttpResponse<byte[]>>> got = new ArrayList<>();
      List<Answer> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String id = site().newId();
        answers.add(ok(Bodies.random(1000 + i)));
        site().farEnd.expect(id, answers.getLast());
        got.add(
            client.sendAsync(
                HttpRequest.newBuilder(uri)
                    .header("Content-Type", RawRequest.CONTENT_TYPE)
                    .header("X-Amz-Target", PUT)
                    .header(FarEnd.ID, id)
                    .expectContinue(i % 2 == 0)
                    .POST(BodyPublishers.ofByteArray(Bodies.json(KB + i)))
                    .build(),
                BodyHandlers.ofByteArray()));
      }
      for (int i = 0; i < got.size(); i++) {
        HttpResponse<byte[]> answer = got.get(i).get();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(answers.get(i).body());
      }
    }
    assertThat(site().arrived())
        .hasSize(20)
        .allSatisfy(request -> {
          assertThat(request.all("Upgrade")).isEmpty();
          assertThat(request.all("HTTP2-Settings")).isEmpty();
        });
  }
}
