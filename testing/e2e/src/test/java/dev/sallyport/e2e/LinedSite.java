package dev.sallyport.e2e;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.ReceivedRequest;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FaultyLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The guide's site with each part in a process of its own, a line between each two of them, and an
 * open tunnel. AWS counts requests by their ids, and answers each with its id.
 */
final class LinedSite implements AutoCloseable {
  private static final String TARGET = "DynamoDB_20120810.ListTables";

  /** Where users, and agents on their way to the Proxy and to Auth, come to. */
  final FaultyLine front = new FaultyLine();

  final FaultyLine toAws = new FaultyLine();
  final FaultyLine toSts = new FaultyLine();

  /** The Proxy's way to Auth. */
  final FaultyLine toAuth = new FaultyLine();

  final GuideSite guide;
  private final Map<String, Long> arrived = new HashMap<>();
  private @Nullable RunningProcess auth;
  private @Nullable RunningProcess proxy;
  private @Nullable RunningProcess agent;
  private Robot.@Nullable Tunnel tunnel;

  LinedSite(Path folder) throws IOException {
    AwsStandIn aws =
        AwsStandIn.start(
            AwsStandIn.Account.example(),
            InstantSource.system(),
            (request, caller) -> {
              String id = request.only(FarEnd.ID).orElse("");
              return ScriptedUpstream.json(200, id, "{\"TableNames\":[\"" + id + "\"]}");
            },
            Optional.empty());
    guide =
        new GuideSite(
            folder,
            aws,
            site -> {
              front.leadTo(site.webPort());
              site.publishAt(front.port());
            });
    toAws.leadTo(aws.dynamoDbUri().getPort());
    toSts.leadTo(aws.stsUri().getPort());
  }

  /** Where a line runs. */
  enum Between {
    TSH_AND_PROXY,
    AGENT_AND_PROXY,
    AGENT_AND_AUTH,
    AGENT_AND_AWS;

    /** What a client of this kind says in its first words. */
    String word() {
      return switch (this) {
        case TSH_AND_PROXY -> "teleport-dynamodb";
        case AGENT_AND_PROXY -> "teleport-reversetunnel";
        case AGENT_AND_AUTH -> "teleport-auth";
        case AGENT_AND_AWS -> FaultyLine.ALL;
      };
    }
  }

  enum Part {
    AGENT,
    AUTH,
    PROXY
  }

  /** What a program saw: a status and its text, or none. */
  record Seen(int status, String text) {
    static final Seen NOTHING = new Seen(0, "");

    boolean fine() {
      return status == 200;
    }

    /** What SDKs try again. */
    boolean outage() {
      return status == 503 || (status == 400 && text.contains("ThrottlingException"));
    }
  }

  /** Starts everything; an agent waits 10 s for AWS. */
  void start() throws IOException {
    Path file = guide.site.folder().resolve("agent.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("  enabled: true\n", "  enabled: true\n  limits:\n    answer_timeout: 10s\n"));
    auth = guide.startAuth();
    toAuth.leadTo(guide.site.authPort());
    proxy = guide.joinProxy(toAuth.port());
    guide.createRole();
    Files.writeString(
        guide.site.folder().resolve("token"),
        guide.site.tctl("tokens", "add", "--type=db", "--format=text").orFail().output());
    Map<String, String> environment = new HashMap<>(guide.agentEnvironment());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:" + toAws.port());
    environment.put("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:" + toSts.port());
    agent = guide.site.startService(file, environment);
    agent.awaitLine("\\[DB\\].*serving");
    tunnel =
        Robot.add(guide, "owner", "aws-dynamodb-access", "1h")
            .open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
  }

  FaultyLine line(Between between) {
    return between == Between.AGENT_AND_AWS ? toAws : front;
  }

  RunningProcess process(Part part) {
    return Objects.requireNonNull(
        switch (part) {
          case AGENT -> agent;
          case AUTH -> auth;
          case PROXY -> proxy;
        });
  }

  Robot.Tunnel tunnel() {
    return Objects.requireNonNull(tunnel, "not started");
  }

  /** A request with this id, as programs send it. */
  static RawRequest request(String id) {
    return RawRequest.of(id, TARGET, "{}".getBytes(StandardCharsets.UTF_8), RawRequest.Form.SIZED);
  }

  /** Sends one request on a connection of its own. */
  Seen ask(String id, int patienceMillis) {
    return ask(tunnel().port(), id, patienceMillis);
  }

  /** The same by a tunnel at another port. */
  static Seen ask(int port, String id, int patienceMillis) {
    try (RawClient client = new RawClient(port, patienceMillis)) {
      request(id).sendBy(client, port);
      RawClient.Got got = client.read();
      return new Seen(got.status(), got.text());
    } catch (IOException e) {
      return Seen.NOTHING;
    }
  }

  /** How many requests with this id reached AWS. */
  synchronized long arrived(String id) {
    for (ReceivedRequest received : guide.aws.gate().take()) {
      received.request().only(FarEnd.ID).ifPresent(one -> arrived.merge(one, 1L, Long::sum));
    }
    return arrived.getOrDefault(id, 0L);
  }

  void heal() {
    front.heal();
    toAws.heal();
    toSts.heal();
    toAuth.heal();
    for (Part part : Part.values()) {
      process(part).resume();
    }
  }

  @Override
  public void close() {
    if (tunnel != null) {
      tunnel.close();
    }
    front.close();
    toAws.close();
    toSts.close();
    toAuth.close();
    guide.close();
  }
}
