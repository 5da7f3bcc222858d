package dev.sallyport.resources.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.HostPort;
import dev.sallyport.resources.InvalidDocument;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `auth_service.audit` and `db_service.audit`.
final class AuditSectionsTest {
  private static AuthAudit auth(String audit) {
    return read("auth_service", audit).auth().orElseThrow().audit();
  }

  private static DbAudit db(String audit) {
    return read("db_service", audit).db().orElseThrow().audit();
  }

  private static TeleportFile read(String service, String audit) {
    var proxy = service.equals("db_service") ? "teleport.example.com" : "\"\"";
    var text =
        """
        version: v3
        teleport: {data_dir: /var/lib/teleport, proxy_server: %s}
        %s:
          enabled: yes
          audit: %s
        """
            .formatted(proxy, service, audit);
    return TeleportFile.read(text, "teleport.yaml");
  }

  @Test
  void whatAuthDoesWhenNothingIsSaid() {
    assertThat(auth("{}")).isEqualTo(AuthAudit.DEFAULT);
    assertThat(AuthAudit.DEFAULT.keepFor()).isEqualTo(Duration.ofDays(365));
    assertThat(AuthAudit.DEFAULT.keepBytes()).isEqualTo(20L << 30);
    assertThat(AuthAudit.DEFAULT.file()).contains(AuthAudit.Files.DEFAULT);
    assertThat(AuthAudit.DEFAULT.syslog()).isEmpty();
    assertThat(AuthAudit.DEFAULT.s3()).isEmpty();
  }

  @Test
  void everyKeyOfAuth(@TempDir Path folder) throws IOException {
    var ca = Files.writeString(folder.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----");
    var audit =
        auth(
            """
            {keep_for: 30d, keep_size: 1GiB, stdout: yes,
             file: {dir: /var/log/sallyport, rotate_size: 1MiB, rotate_after: 12h, keep_files: 3},
             syslog: {address: logs.example.com, transport: tls, facility: 10, message_limit: 8KiB, ca_file: %s},
             s3: {bucket: audit-logs, prefix: prod, region: eu-west-1, endpoint: "https://s3.example.com:9000",
                  path_style: yes, batch_size: 1MiB, every: 90s,
                  assume_role_arn: "arn:aws:iam::123456789012:role/AuditWriter", external_id: its-id}}\
            """
                .formatted(ca));
    assertThat(audit)
        .isEqualTo(
            new AuthAudit(
                Duration.ofDays(30),
                1L << 30,
                Optional.of(
                    new AuthAudit.Files(
                        Optional.of(Path.of("/var/log/sallyport")),
                        1L << 20,
                        Duration.ofHours(12),
                        3)),
                true,
                Optional.of(
                    new AuthAudit.Syslog(
                        new HostPort("logs.example.com", 6514),
                        AuthAudit.Syslog.Transport.TLS,
                        10,
                        8 << 10,
                        Optional.of("-----BEGIN CERTIFICATE-----"))),
                Optional.of(
                    new AuthAudit.S3(
                        "audit-logs",
                        "prod/",
                        "eu-west-1",
                        Optional.of(URI.create("https://s3.example.com:9000")),
                        true,
                        1L << 20,
                        Duration.ofSeconds(90),
                        Optional.empty(),
                        Optional.of(
                            new AuthAudit.S3.WriterRole(
                                "arn:aws:iam::123456789012:role/AuditWriter",
                                Optional.of("its-id")))))));
  }

  @Test
  void theLeastThatIsSaidOfAnExport() {
    assertThat(auth("{file: {enabled: no}}").file()).isEmpty();
    var udp = auth("{syslog: {address: 192.0.2.1, transport: udp}}").syslog().orElseThrow();
    assertThat(udp.address()).isEqualTo(new HostPort("192.0.2.1", 514));
    assertThat(udp.messageBytes()).isEqualTo(8 << 10);
    assertThat(udp.facility()).isEqualTo(13);
    var s3 = auth("{s3: {bucket: logs, region: us-east-1}}").s3().orElseThrow();
    assertThat(s3.prefix()).isEmpty();
    assertThat(s3.every()).isEqualTo(Duration.ofMinutes(1));
    assertThat(s3.role()).isEmpty();
    var other = auth("{s3: {bucket: logs, endpoint: 'http://10.0.0.1:9000'}}").s3().orElseThrow();
    assertThat(other.region()).isEqualTo("us-east-1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {keep_for: 10m}                                         | audit.keep_for: "10m" is not a length of time that works
          {keep_for: 3651d}                                       | from 1h0m0s to 87600h0m0s
          {keep_size: 63MiB}                                      | audit.keep_size
          {retention: 1d}                                         | audit.retention: unknown key
          {file: {dir: log}}                                      | audit.file.dir: "log" (expected: an absolute path)
          {file: {keep_files: 0}}                                 | audit.file.keep_files: "0" is not a number that works (expected: 1 to 10000)
          {file: {rotate_size: 1KiB}}                             | audit.file.rotate_size
          {file: {rotate_after: 1s}}                              | audit.file.rotate_after
          {stdout: perhaps}                                       | audit.stdout: "perhaps" (expected: yes or no)
          {syslog: {transport: tcp}}                              | audit.syslog.address: is missing
          {syslog: {address: "tcp://x:1"}}                        | expected: host:port, without tcp://
          {syslog: {address: x, transport: relp}}                 | audit.syslog.transport: "relp" is not known (expected: udp, tcp, tls)
          {syslog: {address: x, facility: 24}}                    | audit.syslog.facility
          {syslog: {address: x, transport: udp, message_limit: 64KiB}} | audit.syslog.message_limit
          {syslog: {address: x, ca_file: /nonexistent}}           | audit.syslog.ca_file
          {s3: {region: us-east-1}}                               | audit.s3.bucket: is missing
          {s3: {bucket: logs}}                                    | audit.s3.region: is missing
          {s3: {bucket: A_B, region: us-east-1}}                  | audit.s3.bucket: "A_B" (expected: a bucket's name)
          {s3: {bucket: logs, region: us-east-1, prefix: "a b"}}  | audit.s3.prefix
          {s3: {bucket: logs, endpoint: s3.example.com}}          | audit.s3.endpoint: "s3.example.com" (expected: like https://s3.example.com:9000)
          {s3: {bucket: logs, endpoint: "https://a:b@s3.example.com"}} | audit.s3.endpoint
          {s3: {bucket: logs, region: us-east-1, every: 2h}}      | audit.s3.every
          {s3: {bucket: logs, region: us-east-1, batch_size: 1GiB}} | audit.s3.batch_size
          {s3: {bucket: logs, region: us-east-1, assume_role_arn: "arn:aws:s3:::logs"}} | audit.s3.assume_role_arn
          {s3: {bucket: logs, region: us-east-1, external_id: its-id}} | audit.s3.external_id: needs assume_role_arn
          {s3: {bucket: logs, region: us-east-1, assume_role_arn: "arn:aws:iam::123456789012:role/A", external_id: "a b"}} | audit.s3.external_id: AWS external ID "a b"
          """)
  void whatIsWrongForAuth(String audit, String message) {
    assertThatThrownBy(() -> auth(audit))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining("teleport.yaml")
        .hasMessageContaining(message);
  }

  @Test
  void everyKeyOfTheDatabaseService() {
    assertThat(db("{}")).isEqualTo(DbAudit.DEFAULT);
    assertThat(
            db(
                """
                {durability: fsync, mode: best_effort, disk_limit: 64MiB, body: full,
                 body_limit: 256, key_values: plain}\
                """))
        .isEqualTo(
            new DbAudit(
                DbAudit.Durability.FSYNC,
                DbAudit.Mode.BEST_EFFORT,
                64L << 20,
                DbAudit.Body.FULL,
                256,
                DbAudit.KeyValues.PLAIN));
    assertThat(db("{body: \"off\"}").body()).isEqualTo(DbAudit.Body.OFF);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {durability: none}     | audit.durability: "none" is not known (expected: write, fsync)
          {mode: lenient}        | audit.mode: "lenient" is not known (expected: strict, best_effort)
          {disk_limit: 1MiB}     | audit.disk_limit: "1MiB" is not a size that works
          {disk_limit: 2048GiB}  | audit.disk_limit
          {disk_limit: 1GB}      | audit.disk_limit
          {body: all}            | audit.body: "all" is not known (expected: off, keys, full)
          {body_limit: 65KiB}    | audit.body_limit
          {body_limit: 255}      | audit.body_limit
          {key_values: clear}    | audit.key_values: "clear" is not known (expected: hash, plain)
          {bodies: full}         | audit.bodies: unknown key
          """)
  void whatIsWrongForTheDatabaseService(String audit, String message) {
    assertThatThrownBy(() -> db(audit))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining(message);
  }
}
