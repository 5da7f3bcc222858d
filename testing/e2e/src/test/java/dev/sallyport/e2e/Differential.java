package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.aws.DynamoDbLocal;
import dev.sallyport.testkit.aws.HttpUpstream;
import dev.sallyport.testkit.aws.WireHeader;
import dev.sallyport.testkit.aws.WireResponse.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Two databases that begin empty get the same requests in the same order: one from the client
 * itself, the other through the tunnel. What the client sees must be the same, and what passed the
 * tunnel must have passed unchanged, once.
 */
final class Differential implements AutoCloseable {
  /** Of a hop, of a moment or of a database, and not of the request. */
  private static final Set<String> NOT_COMPARED = Set.of("date", "server", "x-amzn-requestid");

  /** Their answers tell times and ids that a database makes up. */
  private static final Set<String> MADE_UP =
      Set.of("CreateTable", "DescribeTable", "DeleteTable", "UpdateTable");

  private final PassageSite site;
  private final DynamoDbLocal direct = DynamoDbLocal.start();
  private final DynamoDbLocal behind = DynamoDbLocal.start();
  private final HttpUpstream upstream = new HttpUpstream(behind.uri());
  private final Map<Integer, Integer> statuses = new TreeMap<>();

  Differential(PassageSite site) {
    this.site = site;
    site.farEnd.otherwise(upstream);
  }

  /** Sends so many, and tells how many got which status. */
  Map<Integer, Integer> run(long seed, int requests) throws IOException {
    GeneratedRequests generated = new GeneratedRequests(seed);
    int port = direct.uri().getPort();
    try (RawClient itself = new RawClient(port);
        RawClient tunnel = site.connect()) {
      for (int i = 0; i < requests; i++) {
        RawRequest request = generated.next(site.newId());
        request.sendBy(itself, port);
        RawClient.Got wanted = itself.read();
        request.sendBy(tunnel, site.port);
        RawClient.Got got = tunnel.read();
        compare("request " + i + " of seed " + seed, request, wanted, got);
        site.compare(request, got, (Answer) site.farEnd.answered(request.id()));
        statuses.merge(got.status(), 1, Integer::sum);
      }
    }
    return statuses;
  }

  private static void compare(
      String which, RawRequest request, RawClient.Got wanted, RawClient.Got got) {
    String what =
        which + ": " + request.target() + " " + new String(request.body(), StandardCharsets.UTF_8);
    assertThat(got.status()).as(what).isEqualTo(wanted.status());
    String operation = request.target().substring(request.target().indexOf('.') + 1);
    if (got.status() != 200 || !MADE_UP.contains(operation)) {
      assertThat(got.text()).as(what).isEqualTo(wanted.text());
      assertThat(mattering(got.headers())).as(what).isEqualTo(mattering(wanted.headers()));
    }
  }

  private static List<String> mattering(List<WireHeader> headers) {
    return headers.stream()
        .filter(header -> PassageSite.MATTER.contains(header.name().toLowerCase(Locale.ROOT)))
        .filter(header -> !NOT_COMPARED.contains(header.name().toLowerCase(Locale.ROOT)))
        .map(header -> header.name().toLowerCase(Locale.ROOT) + ": " + header.value())
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    upstream.close();
    behind.close();
    direct.close();
  }
}
