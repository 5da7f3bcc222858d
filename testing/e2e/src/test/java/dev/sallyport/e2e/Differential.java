package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.testkit.aws.DynamoDbLocal;
import dev.sallyport.testkit.aws.EchoService;
import dev.sallyport.testkit.aws.HttpUpstream;
import dev.sallyport.testkit.aws.LenientServer;
import dev.sallyport.testkit.aws.SteadyAnswers;
import dev.sallyport.testkit.aws.Upstream;
import dev.sallyport.testkit.aws.WireHeader;
import dev.sallyport.testkit.aws.WireRequest;
import dev.sallyport.testkit.aws.WireResponse;
import dev.sallyport.testkit.aws.WireResponse.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Two databases that begin empty get the same requests in the same order: one from the client
 * itself, the other through the tunnel. What the client sees must be the same, byte for byte, and
 * what passed the tunnel must have passed unchanged, once.
 */
final class Differential implements AutoCloseable {
  /** Of the rest, each belongs to one hop. */
  private static final Set<String> COMPARED = new TreeSet<>(PassageSite.MATTER);

  static {
    COMPARED.add("content-length");
  }

  private static final int PIPELINED_MAX = 4;

  private final PassageSite site;
  private final DynamoDbLocal direct = DynamoDbLocal.start();
  private final DynamoDbLocal behind = DynamoDbLocal.start();
  private final HttpUpstream toDirect = new HttpUpstream(direct.uri());
  private final HttpUpstream toBehind = new HttpUpstream(behind.uri());
  private final LenientServer door = LenientServer.start(service(toDirect));
  private final Random random = new Random();
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private final Map<String, Set<Integer>> operations = new TreeMap<>();

  Differential(PassageSite site) {
    this.site = site;
    site.farEnd.otherwise(service(toBehind));
  }

  /** DynamoDB Local, and for what it does not know, such as all of DAX, a service that echoes. */
  private static Upstream service(Upstream database) {
    Set<String> unknown = new HashSet<>();
    Upstream echo = new SteadyAnswers(new EchoService());
    Upstream local =
        new SteadyAnswers((request, caller) -> {
          WireResponse answer = database.answer(request, caller);
          if (answer instanceof Answer told
              && new String(told.body(), StandardCharsets.UTF_8).contains("UnknownOperation")) {
            unknown.add(target(request));
          }
          return answer;
        });
    return (request, caller) -> {
      if (target(request).startsWith(AwsService.DAX.targetPrefix())) {
        return echo.answer(request, caller);
      }
      WireResponse answer = local.answer(request, caller);
      return unknown.contains(target(request)) ? echo.answer(request, caller) : answer;
    };
  }

  private static String target(WireRequest request) {
    return request.only("X-Amz-Target").orElse("");
  }

  /** What came of it: how many requests got which status, and each operation's statuses. */
  record Outcome(Map<Integer, Integer> statuses, Map<String, Set<Integer>> operations) {}

  /** Sends so many, some of them in one piece. */
  Outcome run(long seed, int requests) throws IOException {
    GeneratedRequests generated = new GeneratedRequests(seed);
    random.setSeed(seed);
    RawClient itself = new RawClient(door.port());
    RawClient tunnel = site.connect();
    try {
      for (int i = 0; i < requests; ) {
        List<RawRequest> together = together(generated);
        i += together.size();
        send(together, itself, door.port());
        send(together, tunnel, site.port);
        for (RawRequest request : together) {
          compare("before " + i + " of seed " + seed, request, itself.read(), tunnel.read());
        }
        if (together.getLast().manner().ends()) {
          assertThat(tunnel.ended()).isTrue();
          itself.close();
          tunnel.close();
          itself = new RawClient(door.port());
          tunnel = site.connect();
        }
      }
    } finally {
      itself.close();
      tunnel.close();
    }
    return new Outcome(statuses, operations);
  }

  /** One request, or some that a client sends before it has read the first answer. */
  private List<RawRequest> together(GeneratedRequests generated) {
    List<RawRequest> together = new ArrayList<>(List.of(generated.next(site.newId())));
    int most = random.nextInt(5) == 0 ? PIPELINED_MAX : 1;
    while (together.size() < most
        && !together.getLast().waits()
        && !together.getLast().manner().ends()) {
      together.add(generated.next(site.newId()).atOnce());
    }
    return together;
  }

  private static void send(List<RawRequest> together, RawClient client, int port)
      throws IOException {
    ByteArrayOutputStream ahead = new ByteArrayOutputStream();
    for (RawRequest request : together.subList(0, together.size() - 1)) {
      ahead.writeBytes(request.bytes(port));
    }
    if (ahead.size() == 0) {
      together.getLast().sendBy(client, port);
    } else {
      ahead.writeBytes(together.getLast().bytes(port));
      client.send(ahead.toByteArray());
    }
  }

  private void compare(String which, RawRequest request, RawClient.Got wanted, RawClient.Got got) {
    String what =
        which
            + ": "
            + request.target()
            + " "
            + new String(request.body(), StandardCharsets.UTF_8)
            + " "
            + request.manner();
    assertThat(got.status()).as(what).isEqualTo(wanted.status());
    assertThat(got.body()).as(what).isEqualTo(wanted.body());
    assertThat(mattering(got.headers())).as(what).isEqualTo(mattering(wanted.headers()));
    site.compare(request, got, (Answer) site.farEnd.answered(request.id()));
    statuses.merge(got.status(), 1, Integer::sum);
    operations.computeIfAbsent(request.target(), first -> new TreeSet<>()).add(got.status());
  }

  private static List<String> mattering(List<WireHeader> headers) {
    return headers.stream()
        .filter(header -> COMPARED.contains(header.name().toLowerCase(Locale.ROOT)))
        .map(header -> header.name().toLowerCase(Locale.ROOT) + ": " + header.value())
        .sorted()
        .toList();
  }

  /** Fails unless any server says what the list says, the tunnel refuses, and nothing passes it. */
  void refuses(Refused each) throws IOException {
    String id = site.newId();
    try (RawClient itself = new RawClient(door.port());
        RawClient tunnel = site.connect()) {
      itself.send(each.bytes(id, door.port()));
      tunnel.send(each.bytes(id, site.port));
      assertThat(itself.read().status()).as("%s, directly", each).isEqualTo(each.direct);
      RawClient.Got got = tunnel.read();
      assertThat(got.status()).as("%s: %s", each, got.text()).isEqualTo(each.status);
      assertThat(got.text()).as("%s", each).contains("Exception", "message", each.word);
      assertThat(got.all("x-amzn-requestid")).hasSize(1);
    }
    assertThat(site.farEnd.came(id)).as("%s", each).isFalse();
  }

  @Override
  public void close() throws IOException {
    door.close();
    toBehind.close();
    toDirect.close();
    behind.close();
    direct.close();
  }
}
