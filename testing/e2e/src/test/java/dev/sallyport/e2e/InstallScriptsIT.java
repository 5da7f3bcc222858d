package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The Proxy's scripts, run by a shell as the guide pipes them into one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class InstallScriptsIT {
  private final Path folder;
  private final GuideSite guide;
  private final ScriptHost host;

  InstallScriptsIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    guide = new GuideSite(folder);
    host = new ScriptHost(folder, "host", guide);
  }

  @BeforeAll
  void start() throws IOException {
    guide.site.startCluster(Map.of("AWS_ENDPOINT_URL_STS", guide.aws.stsUri().toString()));
    guide.createRole();
    host.pack("");
  }

  @AfterAll
  void stop() {
    guide.close();
  }

  @Test
  void theGuidesLineInstallsThePackageOfTheProxyAndNoOther() throws IOException {
    String line = "curl -sS https://" + guide.site.proxyAddress() + "/scripts/install.sh";
    CommandResult installed = host.shell(line + " | sh -s -- --prefix=/opt").orFail();
    assertThat(installed.output())
        .isEqualTo("installed with --prefix=/opt\nTeleport 1.0.0 is installed.\n");
    Path kept = folder.resolve("kept.sh");
    host.shell(line + " > " + kept).orFail();
    host.pack("# another one\n");
    CommandResult damaged = host.shell("sh " + kept + " --prefix=/opt");
    assertThat(damaged.exitCode()).isEqualTo(1);
    assertThat(damaged.errors()).contains(ScriptHost.PACKAGE + " is damaged");
    assertThat(damaged.output()).isEmpty();
  }

  @Test
  void aHostBecomesADatabaseServiceByOneLine() throws IOException {
    String token = "5f0c0ffee5f0c0ffee5f0c0ffee5f0c0";
    createToken(token, "token");
    CommandResult done = host.shell(line(host, token)).orFail();
    assertThat(done.output()).contains("its Database Service was started");
    assertThat(host.log()).hasContent("daemon-reload\nenable --now teleport\n");
    assertThat(host.at("/etc/systemd/system/teleport.service"))
        .content()
        .contains("ExecStart=" + host.at("/bin/teleport") + " start");
    Path config = host.at("/etc/teleport.yaml");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(config)).doesNotContain(token).contains("env: dev");
    assertThat(host.shell(line(host, token)).errors())
        .contains("is there already, and is not replaced");
    try (RunningProcess agent = host.startAgent(guide.agentEnvironment())) {
      agent.awaitLine("\\[DB\\] Service is serving no database yet");
    }
  }

  /** The name of a token whose allow rules let hosts in does as well, and leaves no secret. */
  @Test
  void aHostOfAwsBecomesOneByATokensName() throws IOException {
    String allow = "aws_arn: \"" + guide.aws.account().agentArn() + "\"";
    createToken("agents-of-aws", "iam\n  allow: [{aws_account: \"123456789012\", " + allow + "}]");
    ScriptHost inAws = new ScriptHost(folder, "host-in-aws", guide);
    inAws.shell(line(inAws, "agents-of-aws")).orFail();
    assertThat(inAws.at("/var/lib/teleport/join-token")).doesNotExist();
    assertThat(inAws.at("/etc/teleport.yaml"))
        .content()
        .contains("join_params:\n    token_name: agents-of-aws\n    method: iam\n");
    try (RunningProcess agent = inAws.startAgent(guide.agentEnvironment())) {
      agent.awaitLine("\\[DB\\] Service is serving no database yet");
    }
    guide.site.awaitAudit(line ->
        line.contains("\"event\":\"instance.join\"")
            && line.contains(guide.aws.account().agentArn()));
  }

  private String line(ScriptHost on, String token) {
    return "curl -sS https://%s/scripts/%s/install-database.sh | %s | sh"
        .formatted(guide.site.proxyAddress(), token, on.moving());
  }

  private void createToken(String name, String method) throws IOException {
    Path file =
        guide.site.write(
            "token.yaml",
            """
            kind: token
            version: v2
            metadata: {name: %s}
            spec:
              roles: [Db]
              suggested_agent_matcher_labels: {env: [dev]}
              join_method: %s
            """
                .formatted(name, method));
    guide.site.tctl("create", "-f", file.toString()).orFail();
  }

  @Test
  void aTokenThatHasEndedIsTold() throws IOException {
    CommandResult told =
        host.shell(
            "curl -sS https://"
                + guide.site.proxyAddress()
                + "/scripts/0123456789abcdef/install-database.sh | sh");
    assertThat(told.exitCode()).isEqualTo(1);
    assertThat(told.errors()).contains("install: the token is not valid");
  }
}
