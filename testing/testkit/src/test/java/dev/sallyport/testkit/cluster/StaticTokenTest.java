package dev.sallyport.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.launcher.Teleport;
import dev.sallyport.testkit.aws.AwsStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `auth_service.tokens`: a host joins by one, whether the file has it or names where it is, and at
/// any time.
final class StaticTokenTest {
  private static final String IN_THE_CONFIGURATION = "static-token-of-the-configuration";
  private static final String IN_A_FILE = "static-token-of-a-file";
  private static final Duration SOON = Duration.ofSeconds(30);

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final InstantSource clock = () -> Instant.now().plus(ahead.get());

  @TempDir Path folder;

  @Test
  void aHostJoinsByAStaticTokenAlsoLongAfterOthersHaveEnded() throws IOException {
    var file = Files.writeString(folder.resolve("token"), IN_A_FILE + "\n");
    try (var aws = AwsStandIn.start(AwsStandIn.Account.example(), clock);
        var cluster =
            TestCluster.start(
                Files.createDirectory(folder.resolve("cluster")),
                aws,
                clock,
                "  tokens: [\"db:%s\", \"proxy,db:%s\"]\n".formatted(IN_THE_CONFIGURATION, file))) {
      serves(cluster, aws, "by-value", IN_THE_CONFIGURATION);
      serves(cluster, aws, "by-file", IN_A_FILE);
      var other = cluster.tctl("tokens", "add", "--type=db", "--format=text").orFail().output();

      ahead.set(Duration.ofDays(3));
      serves(cluster, aws, "by-value-later", IN_THE_CONFIGURATION);
      serves(cluster, aws, "by-file-later", IN_A_FILE);
      try (var agent = agent(cluster, aws, "too-late", other.strip())) {
        await()
            .atMost(SOON)
            .untilAsserted(
                () -> assertThat(joins(cluster)).contains("it has expired or was not found"));
        agent.stop();
      }
      assertThat(joins(cluster))
          .contains("by-value-later", "by-file-later")
          .doesNotContain(IN_THE_CONFIGURATION, IN_A_FILE);
    }
  }

  private void serves(TestCluster cluster, AwsStandIn aws, String name, String token)
      throws IOException {
    try (var agent = agent(cluster, aws, name, token)) {
      agent.awaitText(Pattern.compile("\\[DB\\] Service is serving " + name));
    }
  }

  private static String joins(TestCluster cluster) {
    return cluster
        .tctl("audit", "search", "--type=instance.join", "--format=json")
        .orFail()
        .output();
  }

  private RunningCommand agent(TestCluster cluster, AwsStandIn aws, String name, String token)
      throws IOException {
    var file =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            version: v3
            teleport:
              nodename: %1$s
              data_dir: %2$s
              proxy_server: %3$s
              ca_pin: %4$s
              auth_token: %5$s
            db_service:
              enabled: yes
              databases:
              - name: %1$s
                protocol: dynamodb
                aws: {region: %6$s, account_id: "%7$s"}
            """
                .formatted(
                    name,
                    folder.resolve(name),
                    cluster.proxyAddress(),
                    cluster.caPin(),
                    token,
                    aws.account().region(),
                    aws.account().id()));
    return new RunningCommand(
        "teleport start -c " + file,
        (out, err) ->
            Teleport.run(
                new String[] {"start", "-c", file.toString()},
                out,
                err,
                aws.agentEnvironment(),
                clock));
  }
}
