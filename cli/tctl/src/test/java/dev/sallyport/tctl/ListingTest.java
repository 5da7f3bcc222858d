package dev.sallyport.tctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.DynamicLabel;
import dev.sallyport.model.JoinTerms;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Secret;
import dev.sallyport.model.ServiceUris;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.User;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the commands that show something print, letter by letter.
final class ListingTest extends TctlRig {

  private void server(String host, String name, Map<String, String> labels) {
    server(host, name, labels, Map.of());
  }

  private void server(
      String host, String name, Map<String, String> labels, Map<String, DynamicLabel> dynamic) {
    var database =
        new Database(
            Metadata.named(name).withLabels(labels),
            "dynamodb",
            Optional.empty(),
            new DatabaseAws(
                "us-east-1", "123456789012", Optional.empty(), Optional.empty(), Map.of()),
            DatabaseTls.SYSTEM,
            dynamic,
            ServiceUris.NONE);
    cluster.create(
        new DatabaseServer(Metadata.named(name), host + "-id", host, "1.0.0", database), true);
  }

  @Test
  void databasesAreSortedByHostAndFoundByLabelsAndWords() {
    server("b", "orders", Map.of("env", "prod"));
    server("a", "users", Map.of("env", "dev", "team", "a-team-with-a-name-that-is-far-too-long"));
    server("a", "orders", Map.of("env", "dev"));
    assertThat(tctl("db", "ls")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            Host Name   Protocol URI Labels                                    Version
            ---- ------ -------- --- ----------------------------------------- -------
            a    orders dynamodb     env=dev                                   1.0.0
            a    users  dynamodb     env=dev,team=a-team-with-a-name-that-is-… 1.0.0
            b    orders dynamodb     env=prod                                  1.0.0
            """);
    tctl("db", "ls", "-v");
    assertThat(out()).contains("far-too-long");
    tctl("db", "ls", "env=dev", "--search=ORDERS", "--format=json");
    assertThat(out()).startsWith("[").contains("\"a-id\"").doesNotContain("\"b-id\"");
  }

  @Test
  void databasesAreFoundByLabelsOfCommandsAndByQueries() {
    var kernel =
        new DynamicLabel(List.of("uname", "-r"), Duration.ofMinutes(1), Optional.of("6.1"));
    server("a", "orders", Map.of("env", "dev"), Map.of("kernel", kernel));
    server("a", "users", Map.of("env", "prod"));
    tctl("db", "ls", "kernel=6.1");
    assertThat(out()).contains("env=dev,kernel=6.1").doesNotContain("users");
    tctl("db", "ls", "--query=labels[\"kernel\"] == \"6.1\" || search(\"USERS\")", "env=dev");
    assertThat(out()).contains("orders").doesNotContain("users");
    tctl("db", "ls", "--query", "!exists(labels.kernel)", "--format=json");
    assertThat(out()).contains("\"users\"").doesNotContain("\"orders\"");
    assertThat(tctl("db", "ls", "--query=name ==")).isOne();
    assertThat(err())
        .startsWith("ERROR: failed to parse predicate expression: at character 8: the end");
  }

  @Test
  void whoServesADatabaseIsFoundByItsName() {
    server("a", "orders", Map.of());
    server("b", "orders", Map.of());
    server("b", "users", Map.of());
    assertThat(tctl("get", "db_server/orders")).isZero();
    assertThat(out()).contains("host_id: a-id", "host_id: b-id").doesNotContain("users");
    assertThat(tctl("get", "db_server/b-id/orders")).isZero();
    assertThat(out()).contains("host_id: b-id").doesNotContain("a-id");
    assertThat(tctl("get", "db_server/none")).isOne();
    assertThat(err()).isEqualTo("ERROR: db_server \"none\" is not found\n\n");
  }

  @Test
  void hostsGetNoCertificateByCommand() {
    assertThat(tctl("auth", "sign", "--host=example.com", "--out=host.pem")).isOne();
    assertThat(err()).startsWith("ERROR: certificates of hosts are given only to hosts that join");
    assertThat(tctl("auth", "sign", "--out=host.pem")).isOne();
    assertThat(err()).startsWith("ERROR: --user is missing");
  }

  @Test
  void tokensAreAListANameALineOrNothing() {
    assertThat(tctl("tokens", "ls")).isZero();
    assertThat(out()).isEqualTo("No active tokens found.\n");
    cluster.create(
        new ProvisionToken(
            Metadata.named("token-1").withLabels(Map.of("team", "a")),
            List.of(SystemRole.DB, SystemRole.PROXY),
            JoinTerms.SECRET,
            List.of("*")),
        true);
    tctl("tokens", "ls");
    assertThat(out())
        .isEqualTo(
            """
            Token   Type     Labels Expiry Time (UTC)
            ------- -------- ------ -----------------
            token-1 Db,Proxy team=a never
            """);
    tctl("tokens", "ls", "--format=text", "--labels=team=a");
    assertThat(out()).isEqualTo("token-1\n");
    tctl("tokens", "ls", "--labels=team=b");
    assertThat(out()).isEqualTo("No active tokens found.\n");
    assertThat(tctl("tokens", "rm", "token-1")).isZero();
    assertThat(out()).isEqualTo("Token token-1 has been deleted\n");
  }

  @Test
  void aTokenAsJsonAndYamlHasTheSameKeys() {
    tctl("tokens", "add", "--type=DB", "--format=json", "--labels=team=a");
    assertThat(out())
        .isEqualTo(
            """
            {
              "expires": "2030-01-01T12:30:00Z",
              "roles": [ "Db" ],
              "token": "00112233"
            }
            """);
    cluster.delete(Kind.TOKEN, "00112233", dev.sallyport.control.WriteMode.PLAIN);
    tctl("tokens", "add", "--type=db", "--format=yaml");
    assertThat(out())
        .isEqualTo("expires: \"2030-01-01T12:30:00Z\"\nroles: [ \"Db\" ]\ntoken: \"00112233\"\n");
    cluster.delete(Kind.TOKEN, "00112233", dev.sallyport.control.WriteMode.PLAIN);
    tctl("tokens", "add", "--type=db", "--db-name=orders", "--ttl=1h");
    assertThat(out())
        .startsWith("The invite token: 00112233\nThis token will expire in 60 minutes.\n")
        .contains("- name: orders\n", "# ca_pin: \"sha256:ab, sha256:cd\"\n");
  }

  @Test
  void noUsersIsSaid() {
    assertThat(tctl("users", "ls")).isZero();
    assertThat(out()).isEqualTo("No users found\n");
    assertThat(tctl("users", "ls", "--format=json")).isZero();
    assertThat(out()).isEqualTo("[ ]\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--set-roles=a,b|New roles: a,b",
        "--set-logins=l|New logins: l",
        "--set-windows-logins=w|New windows logins: w",
        "--set-kubernetes-users=k|New kubernetes users: k",
        "--set-kubernetes-groups=k|New kubernetes groups: k",
        "--set-db-users=x,y|New db users: x,y",
        "--set-db-names=x|New db names: x",
        "--set-db-roles=x|New db roles: x",
        "--set-aws-role-arns=x|New AWS role ARNs: x",
        "--set-azure-identities=x|New Azure identities: x",
        "--set-gcp-service-accounts=x|New GCP service accounts: x"
      })
  void eachListOfAUserIsReplacedInItsWords(String option, String line) {
    cluster.create(
        new User(Metadata.named("alice"), List.of("a"), Map.of(), Optional.empty()), true);
    assertThat(tctl("users", "update", "alice", option)).as(err()).isZero();
    assertThat(out()).isEqualTo("User alice has been updated:\n\t" + line + "\n");
  }

  @Test
  void aWildcardIsNoDatabaseRole() {
    assertThat(tctl("users", "update", "alice", "--set-db-roles=*")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: database role can't be a wildcard\n\n");
    assertThat(tctl("users", "add", "alice", "--roles=a", "--db-roles=*")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: database role can't be a wildcard\n\n");
  }

  private CertificateAuthority authority(CaKind kind) {
    var made =
        CertificateAuthority.create(
            kind, "example.com", () -> FakeAdminApi.NOW, new SecureRandom());
    var pair =
        new CertAuthority.KeyPair(made.certificatePem(), Optional.of(Secret.of("canary-key\n")));
    cluster.put(
        new CertAuthority(
            Metadata.named(kind.wireName()),
            kind.wireName(),
            "example.com",
            List.of(pair),
            List.of()));
    return made;
  }

  @Test
  void authoritiesAreExportedByTypeAndPin() throws Exception {
    var user = authority(CaKind.USER);
    var host = authority(CaKind.HOST);
    for (var type : List.of("host", "tls-host")) {
      assertThat(tctl("auth", "export", "--type=" + type)).as(err()).isZero();
      assertThat(out()).isEqualTo(host.certificatePem());
    }
    tctl("auth", "export");
    assertThat(out()).isEqualTo(user.certificatePem() + host.certificatePem());
    tctl("auth", "export", "--fingerprint=" + CaPin.of(user.certificate()));
    assertThat(out()).isEqualTo(user.certificatePem());
    assertThat(tctl("auth", "export", "--fingerprint=00")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: no authority matches\n\n");
    assertThat(tctl("auth", "export", "--type=openssh")).isEqualTo(1);
    assertThat(err()).contains("unsupported CA type \"openssh\"");
    Path der = folder.resolve("ca.der");
    tctl("auth", "export", "--type=tls-user-der", "--out=" + der);
    assertThat(Files.readAllBytes(der)).isEqualTo(user.certificate().getEncoded());
    Path keys = folder.resolve("keys.pem");
    tctl("auth", "export", "--type=user", "--keys", "--out=" + keys);
    assertThat(keys).content().isEqualTo("canary-key\n");
    assertThat(Files.getPosixFilePermissions(keys)).hasSize(2);
  }

  @Test
  void statusShowsTheAuthoritiesToWhoMayReadThem() throws IOException {
    authority(CaKind.HOST);
    tctl("status");
    assertThat(out())
        .isEqualTo(
            """
            Cluster  example.com
            Version  1.0.0
            CA pin   sha256:ab
            CA pin   sha256:cd

            authority rotation                protocol status algorithm   storage
            --------- ----------------------- -------- ------ ----------- --------
            host      standby (never rotated) TLS      active ECDSA P-256 software
            """);
    tctl("status", "--format=json");
    assertThat(out())
        .startsWith("{\n  \"cluster\": {\n    \"name\": \"example.com\",")
        .contains("\"authorities\": [", "\"type\": \"host\"", "\"state\": \"standby\"");
    tctl("status", "--format=yaml");
    assertThat(out()).startsWith("cluster:\n  name: \"example.com\"\n");
  }
}
