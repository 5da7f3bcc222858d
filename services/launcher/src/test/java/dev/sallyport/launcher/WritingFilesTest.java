package dev.sallyport.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.resources.config.TeleportFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `teleport` writes for hosts: configurations, the unit, IAM policies.
class WritingFilesTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String line) {
    return run(line.split(" "));
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    return Teleport.run(
        arguments,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Map.of("SALLYPORT_PROGRAM", "/opt/bin/teleport"),
        InstantSource.system());
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private TeleportFile written() {
    return TeleportFile.read(out(), "output");
  }

  @Test
  void aClusterIsConfiguredByFlags() {
    assertThat(
            run(
                "configure --cluster-name=example.com --public-addr=teleport.example.com"
                    + " --cert-file=/etc/c.pem --key-file=/etc/k.pem --data-dir=/data"))
        .isZero();
    var file = written();
    assertThat(file.auth().orElseThrow().clusterName()).contains("example.com");
    var proxy = file.proxy().orElseThrow();
    assertThat(proxy.webListenAddr()).hasToString("0.0.0.0:443");
    assertThat(proxy.publicAddrs().getFirst()).hasToString("teleport.example.com:443");
    assertThat(proxy.httpsKeypairs()).hasSize(1);
    assertThat(file.db()).isEmpty();
    assertThat(file.teleport().dataDir()).isEqualTo(Path.of("/data"));
    assertThat(file.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "configure --roles=auth | true false false",
        "configure --roles=proxy,auth,node | true true false",
        "configure --roles=proxy --auth-server=auth.example.com --token=/t | false true false",
        "configure --roles=db --proxy=p.example.com:443 --token=abc | false false true",
        "configure --version=v2 | true true false"
      })
  void rolesSayWhichServicesAreOn(String line, String on) {
    assertThat(run(line)).isZero();
    var file = written();
    assertThat(
            "%s %s %s"
                .formatted(
                    file.auth().isPresent(), file.proxy().isPresent(), file.db().isPresent()))
        .isEqualTo(on);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "configure --roles=kube | unknown role: \"kube\"",
        "configure --cert-file=/c | --cert-file and --key-file go together",
        "configure --proxy=p.example.com | proxy_server can not be specified when proxy service",
        "configure --version=v9 | version must be one of v1, v2, v3",
        "configure --acme | --cert-file and --key-file",
        "db configure create --labels=a=b | --name is required when configuring static database",
        "db configure create --ca-cert-file=x | --name is required when configuring static",
        "db configure create --aws-external-id=x | --name is required when configuring static",
        "db configure create --dynamic-resources-labels=a=b --aws-assume-role-arn=x | --name is",
        "db configure create --name=x | --protocol is required when configuring static database",
        "db configure create --protocol=dynamodb | --name is required when configuring static",
        "db configure create --name=x --protocol=dynamodb | --uri is required when configuring",
        "db configure create --name=x --protocol=dynamodb --aws-region=us-east-1 | account ID is"
            + " empty",
        "db configure create --name=x --protocol=mysql --uri=a:1 | supported are: [dynamodb]",
        "db configure create --name=x --protocol=dynamodb --uri=localhost:8000"
            + " --aws-region=us-east-1 --aws-account-id=123456789012 --ca-cert-file=/nowhere/ca.pem"
            + " | /nowhere/ca.pem",
        "db configure create --dynamic-resources-labels=env | expected: key=value",
        "db configure create --rds-discovery=us-east-1 | choose dynamic ones",
        "db configure create --proxy=https://x | --proxy: expected host:port",
        "db configure create --join-method=iam | --join-method needs --token",
        "db configure create --join-method=gcp --token=x | supported are: [token, iam, ec2]",
        "configure --roles=db --proxy=p:443 --join-method=iam | --join-method needs --token",
        "db configure | One of create, aws",
        "db configure aws print-iam --types rds --assumes-roles x | supported are: [dynamodb]",
        "db configure aws print-iam --types dynamodb | --assumes-roles is required",
        "db configure aws print-iam -r dynamodb --assumes-roles x | give the role's ARN",
        "db configure aws print-iam -r dynamodb --role a --user b | only one of --role and --user",
        "db configure aws print-iam -r dynamodb --role arn:aws:s3:::x --assumes-roles y | is no"
            + " ARN",
        "install systemd --fd-limit=0 | expected: 1 to",
        "install systemd --teleport-path=teleport | expected: an absolute path",
        "install systemd --pid-file=/run/%i | expected: an absolute path",
        "install systemd --pid-file=/teleport.pid | expected: a file in a folder of its own",
        "install systemd --pid-file=/run/teleport.pid | expected: a file in a folder of its own",
        "install systemd --pid-file=/run/x/../t.pid | expected: a file in a folder of its own",
        "install systemd -o teleport.service | please use absolute path for file teleport.service",
        "install systemd -o file:// | missing path in --output=\"file://\"",
        "install systemd -o s3://x | is not supported"
      })
  void whatMakesNoFileIsToldWithWhatToDo(String line, String message) {
    assertThat(run(line)).isEqualTo(1);
    assertThat(err()).contains("ERROR: ").contains(message);
    assertThat(out()).isEmpty();
  }

  @Test
  void aDatabaseServiceIsConfiguredByFlags() {
    assertThat(
            run(
                "db configure create --proxy=teleport.example.com:443 --ca-pin=sha256:ab"
                    + " --name=example-dynamodb --protocol=dynamodb --labels=env=dev,team=a"
                    + " --aws-region=us-east-1 --aws-account-id=123456789012"
                    + " --aws-assume-role-arn=arn:aws:iam::123456789012:role/Hop"
                    + " --aws-external-id=xyz"))
        .isZero();
    var file = written();
    assertThat(file.auth()).isEmpty();
    assertThat(file.proxy()).isEmpty();
    assertThat(file.teleport().proxyServer().orElseThrow()).hasToString("teleport.example.com:443");
    assertThat(out()).contains("token_name: /tmp/token");
    var database = file.db().orElseThrow().databases().getFirst();
    assertThat(database.name()).isEqualTo("example-dynamodb");
    assertThat(database.metadata().labels()).containsEntry("team", "a");
    assertThat(database.aws().assumeRoleArn()).contains("arn:aws:iam::123456789012:role/Hop");
    assertThat(database.aws().externalId()).contains("xyz");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "db configure create --proxy=p.example.com:443 | TOKEN /tmp/token",
        "db configure create --proxy=p:443 --join-method=token --token=/t | TOKEN /t",
        "db configure create --proxy=p:443 --join-method=iam --token=agents | IAM agents",
        "db configure create --proxy=p:443 --join-method=ec2 --token=agents | EC2 agents",
        "configure --roles=db --proxy=p:443 --token=abc | TOKEN abc",
        "configure --roles=db --proxy=p:443 --join-method=iam --token=agents | IAM agents"
      })
  void flagsSayHowAHostJoins(String line, String how) {
    assertThat(run(line)).isZero();
    var join = written().teleport().join().orElseThrow();
    assertThat(join.method() + " " + join.token().valueOrPath().reveal()).isEqualTo(how);
  }

  @Test
  void withoutADatabaseThereAreSamplesThatWorkOnceTheyAreTakenIn() {
    assertThat(run("db configure create --proxy=teleport.example.com:443")).isZero();
    assertThat(written().db().orElseThrow().databases()).isEmpty();
    var taken =
        TeleportFile.read(out().replaceAll("(?m)^#  (?!#)", "  "), "samples").db().orElseThrow();
    assertThat(taken.databases()).hasSize(1);
    assertThat(taken.matchers()).hasSize(1);
    run(
        "db configure create --proxy=p.example.com:443 --dynamic-resources-labels=env=dev,team=a"
            + " --dynamic-resources-labels=*=*");
    assertThat(written().db().orElseThrow().matchers())
        .extracting(one -> one.labels().values())
        .containsExactly(
            Map.of("env", List.of("dev"), "team", List.of("a")), Map.of("*", List.of("*")));
  }

  @Test
  void aFileIsMadeOnceForItsOwnerAlone() throws IOException {
    var file = folder.resolve("a/b/teleport.yaml");
    assertThat(run("configure", "-o", "file://" + file)).isZero();
    assertThat(out()).contains(file.toString()).contains("teleport start --config");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(run("configure", "--test", file.toString())).isZero();
    assertThat(err()).contains("OK " + file);
    var before = Files.readString(file);
    assertThat(run("configure", "--output=" + file)).isEqualTo(1);
    assertThat(err())
        .contains(
            "will not overwrite existing file %s, rm -f %s and try again".formatted(file, file));
    assertThat(file).hasContent(before);
    assertThat(run("configure", "--output=/proc/none/teleport.yaml")).isEqualTo(1);
    assertThat(err()).contains("could not write to config file, missing sudo?");
  }

  @Test
  void theUnitStartsThisProgramAndIsTheOneOfTheExamples() throws IOException {
    var file = folder.resolve("teleport.service");
    assertThat(run("install", "systemd", "-o", file.toString())).isZero();
    assertThat(out()).contains("systemctl enable --now teleport");
    var unit = Files.readString(file);
    assertThat(unit)
        .contains(
            "\nExecStart=/opt/bin/teleport start --config /etc/teleport.yaml"
                + " --pid-file=/run/teleport/teleport.pid\n")
        .contains("\nEnvironmentFile=-/etc/default/teleport\n")
        .contains("\nLimitNOFILE=524288\n")
        // Debian without procps has no /bin/kill.
        .contains("\nExecReload=/bin/sh -c 'kill -HUP $MAINPID'\n")
        .doesNotContainPattern("@[A-Z_]+@");
    assertThat(run("install systemd --teleport-path=/usr/local/bin/teleport")).isZero();
    assertThat(Files.readString(Path.of("../../examples/teleport.service"))).endsWith(out());
    assertThat(
            run(
                "install systemd --fd-limit=100 --env-file=/etc/x --pid-file=/run/other/t.pid"
                    + " --teleport-path=/a/teleport"))
        .isZero();
    assertThat(out())
        .contains("\nLimitNOFILE=100\n")
        .contains("EnvironmentFile=-/etc/x\n")
        .contains("/a/teleport start --config /etc/teleport.yaml --pid-file=/run/other/t.pid\n")
        .contains("\nReadWritePaths=/run/other\n");
  }

  @Test
  void thePolicyAllowsToAssumeTheNamedRolesAlone() {
    assertThat(
            run(
                "db configure aws print-iam --types dynamodb --policy --assumes-roles"
                    + " ExampleTeleportDynamoDBRole,arn:aws:iam::999999999999:role/team/Other"
                    + " --role arn:aws:iam::123456789012:role/TeleportDatabaseService"))
        .isZero();
    assertThat(out())
        .isEqualTo(
            """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "sts:AssumeRole"
                  ],
                  "Resource": [
                    "arn:aws:iam::123456789012:role/ExampleTeleportDynamoDBRole",
                    "arn:aws:iam::999999999999:role/team/Other"
                  ]
                }
              ]
            }
            """);
    var policy = out();
    run(
        "db configure aws print-iam -r dynamodb --assumes-roles ExampleTeleportDynamoDBRole"
            + " --assumes-roles arn:aws:iam::999999999999:role/team/Other --boundary"
            + " --user arn:aws:iam::123456789012:user/agent");
    assertThat(out()).isEqualTo(policy);
    run("db configure aws print-iam -r dynamodb --assumes-roles arn:aws:iam::999999999999:role/R");
    assertThat(out()).contains("1. Create the IAM policy \"DatabaseAccess\":").contains("role/R");
  }

  @ParameterizedTest
  @ValueSource(strings = {"db", "db configure aws", "install"})
  void groupsNameTheirCommands(String line) {
    assertThat(run(line)).isEqualTo(1);
    assertThat(err()).contains("which command of teleport " + line + "?");
  }
}
