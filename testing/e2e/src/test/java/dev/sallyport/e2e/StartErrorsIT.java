package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is wrong with a configuration is told at the start, with its place, and ends the process.
 */
final class StartErrorsIT {
  @TempDir Path folder = Path.of("");

  @Test
  void brokenYamlIsToldWithItsLine() throws IOException {
    String good = agent(Map.of());
    CommandResult refused = start(good.replace("  nodename: agent-1", "  nodename: [agent-1"));
    assertThat(refused.errors())
        .containsPattern("ERROR: \\S*/teleport.yaml: line [0-9]+, column [0-9]+");
    assertThat(refused.errors()).doesNotContain("\tat ");
  }

  @Test
  void anUnknownKeyIsToldWithItsPlaceAndWhatWasProbablyMeant() throws IOException {
    String good = agent(Map.of());
    CommandResult refused = start(good.replace("  nodename:", "  nodname:"));
    assertThat(refused.errors())
        .containsPattern("/teleport.yaml: line 3, column 3: teleport.nodname: ")
        .contains("nodename");
  }

  @Test
  void aWrongTypeAndABadValueAreToldTogether() throws IOException {
    CommandResult refused =
        start(agent(Map.of("enabled: true", "enabled: perhaps", "\"123456789012\"", "\"1234\"")));
    assertThat(refused.errors())
        .contains("db_service.enabled")
        .contains("must be 12-digit")
        .containsPattern("line [0-9]+, column [0-9]+");
  }

  @Test
  void aRegionThatIsNotThatOfTheUriIsRefused() throws IOException {
    CommandResult refused =
        start(agent(Map.of("# uri: \"dynamodb.us-east-1", "uri: \"dynamodb.eu-west-1")));
    assertThat(refused.errors())
        .containsPattern("/teleport.yaml: line [0-9]+, column [0-9]+: ")
        .contains(
            "database \"example-dynamodb\" AWS region \"us-east-1\" does not match the configured"
                + " URI region \"eu-west-1\", omit the URI and it will be derived automatically for"
                + " the configured AWS region");
  }

  @Test
  void aPortThatIsTakenIsNamedWithItsSetting() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      CommandResult auth = start(cluster(address, "127.0.0.1:" + FreePorts.next()));
      assertThat(auth.errors()).contains(address, "auth_service.listen_addr", "taken");
      CommandResult proxy = start(cluster("127.0.0.1:" + FreePorts.next(), address));
      assertThat(proxy.errors()).contains(address, "web_listen_addr");
    }
  }

  @Test
  void aTokenFileThatIsMissingIsSaidAndWaitedFor() throws IOException {
    Path file = folder.resolve("teleport.yaml");
    Files.writeString(file, agent(Map.of()));
    try (RunningProcess agent =
        installation().start("teleport", List.of("start", "-c", file.toString()))) {
      agent.awaitLine("cannot join.*there is no file " + folder.resolve("token"));
      assertThat(agent.alive()).isTrue();
    }
  }

  private CommandResult start(String configuration) throws IOException {
    Path file = folder.resolve("teleport.yaml");
    Files.writeString(file, configuration);
    CommandResult refused = installation().run("", "teleport", "start", "-c", file.toString());
    assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
    return refused;
  }

  private static Installation installation() {
    return Installation.at(GuideFiles.installation());
  }

  private String agent(Map<String, String> changes) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("CHANGEME", "agent-1");
    all.put("/var/lib/teleport", folder.resolve("agent").toString());
    all.put("teleport.example.com:443", "localhost:" + FreePorts.next());
    all.put("/tmp/token", folder.resolve("token").toString());
    all.putAll(changes);
    return GuideFiles.filled("agent.yaml", all);
  }

  private String cluster(String auth, String web) throws IOException {
    return GuideFiles.filled(
            "cluster.yaml",
            Map.of(
                "/var/lib/teleport", folder.resolve("cluster").toString(),
                "127.0.0.1:3025", auth,
                "0.0.0.0:443", web))
        .replaceAll("(?m)^ *(#.*|https_keypairs:|- cert_file:.*|key_file:.*)\\n", "");
  }
}
