package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.Laptop;
import dev.sallyport.testkit.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Proxy without a public certificate shows one of the cluster's own authority. Nobody believes it
 * unless told the authority's pin, or told not to look.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TrustIT {
  private static final String WRONG_PIN = "sha256:" + "0".repeat(64);

  private final Path folder;
  private final Site site;

  TrustIT(@TempDir Path folder) {
    this.folder = folder;
    site = new Site(Installation.at(GuideFiles.installation()), folder);
  }

  @BeforeAll
  void start() throws Exception {
    site.write("cluster.yaml", clusterText());
    site.startCluster(Map.of());
    site.addUser("alice", "access", browserTrust());
    Files.writeString(
        folder.resolve("token"),
        site.tctl("tokens", "add", "--type=db", "--format=text").orFail().output());
  }

  @AfterAll
  void stop() {
    site.close();
  }

  private String clusterText() {
    return """
    version: v3
    teleport:
      data_dir: %s
    auth_service:
      enabled: true
      cluster_name: teleport.example.com
      listen_addr: 127.0.0.1:%d
    proxy_service:
      enabled: true
      web_listen_addr: 127.0.0.1:%d
      public_addr: %s
    """
        .formatted(folder.resolve("cluster"), site.authPort(), site.webPort(), site.proxyAddress());
  }

  private SSLContext browserTrust() throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager pinned =
        PeerTrust.pinnedProxy(Set.of(CaPin.parse(site.caPin())), InstantSource.system());
    context.init(null, new TrustManager[] {pinned}, null);
    return context;
  }

  @Test
  void anAgentWithAWrongPinDoesNotJoinAndSaysWhy() throws IOException {
    Path wrong = agentFile("wrong", WRONG_PIN);
    try (RunningProcess agent = site.startService(wrong, Map.of())) {
      agent.awaitLine("CA pin.*none of the expected ones");
      assertThat(agent.output()).doesNotContain("Service is serving");
      assertThat(site.tctl("db", "ls").orFail().output()).doesNotContain("example-dynamodb");
    }
    assertThat(folder.resolve("wrong/agent/identity.pem")).doesNotExist();
    try (RunningProcess agent = site.startService(agentFile("right", site.caPin()), Map.of())) {
      agent.awaitLine("\\[DB\\] Service is serving example-dynamodb");
    }
  }

  @Test
  void anAgentWithoutAPinDoesNotJoinEither() throws IOException {
    try (RunningProcess agent = site.startService(agentFile("without", ""), Map.of())) {
      agent.awaitLine("authority that this machine trusts");
      assertThat(agent.output()).doesNotContain("Service is serving");
    }
  }

  @Test
  void aLoginWithoutAPinFailsBeforeThePasswordIsAskedFor() throws IOException {
    CommandResult refused = login("unpinned");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.errors())
        .contains("is signed neither by an authority that this machine trusts nor by the cluster")
        .contains("the CA pin that 'tctl status' prints there: tsh login --ca-pin");
    assertThat(refused.output() + refused.errors()).doesNotContain("Enter password");
  }

  @Test
  void aLoginWithAWrongPinFails() throws IOException {
    CommandResult refused = login("mistaken", "--ca-pin=" + WRONG_PIN);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.errors())
        .contains("the server's authority has the CA pin " + site.caPin())
        .contains("which is none of the expected ones");
    assertThat(refused.output() + refused.errors()).doesNotContain("Enter password");
  }

  @Test
  void aLoginWithTheRightPinWorksQuietly() throws IOException {
    CommandResult login = login("pinned", "--ca-pin=" + site.caPin()).orFail();
    assertThat(login.output()).contains("alice");
    assertThat(login.errors()).doesNotContain("WARNING");
    CommandResult again = login("pinned").orFail();
    assertThat(again.output()).contains("alice");
  }

  @Test
  void aLoginThatDoesNotLookWorksLoudly() throws IOException {
    CommandResult login = login("careless", "--insecure").orFail();
    assertThat(login.output()).contains("alice");
    assertThat(login.errors()).contains("WARNING: --insecure", "is not verified");
  }

  private CommandResult login(String machine, String... more) throws IOException {
    Laptop laptop = site.laptop(machine, Map.of());
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("login", "--proxy=" + site.proxyAddress(), "--user=alice"));
    arguments.addAll(List.of(more));
    return laptop.tshTyping(Site.PASSWORD + "\n", arguments.toArray(String[]::new));
  }

  private Path agentFile(String name, String pin) throws IOException {
    String text =
        """
        version: v3
        teleport:
          data_dir: %s
          proxy_server: %s
          auth_token: %s
          %s
        db_service:
          enabled: true
          databases:
            - name: example-dynamodb
              protocol: dynamodb
              aws:
                region: us-east-1
                account_id: "123456789012"
        """
            .formatted(
                folder.resolve(name),
                site.proxyAddress(),
                folder.resolve("token"),
                pin.isEmpty() ? "" : "ca_pin: " + pin);
    return site.write(name + ".yaml", text);
  }
}
