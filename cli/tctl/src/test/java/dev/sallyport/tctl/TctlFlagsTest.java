package dev.sallyport.tctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.ResetUserRequest;
import dev.sallyport.control.SignUserRequest;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.model.Kind;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.Pem;
import dev.sallyport.resources.ResourceReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each flag reaches what it is for.
final class TctlFlagsTest extends TctlRig {
  private static final String ROLE =
      "kind: role\nversion: v7\nmetadata: {name: dev}\nspec: {allow: {db_users: [a]}}\n";

  TctlFlagsTest() {
    environment.put("EDITOR", "sed -i s/v7/v6/");
  }

  /// With a role on standard input, for those that read one.
  @Override
  int tctl(String... arguments) {
    return tctlReading(ROLE, arguments);
  }

  @ParameterizedTest
  @CsvSource({
    "--logins=x, logins",
    "--windows-logins=x, windows_logins",
    "--kubernetes-users=x, kubernetes_users",
    "--kubernetes-groups=x, kubernetes_groups",
    "--db-users=x, db_users",
    "--db-names=x, db_names",
    "--db-roles=x, db_roles",
    "--aws-role-arns=x, aws_role_arns",
    "--azure-identities=x, azure_identities",
    "--gcp-service-accounts=x, gcp_service_accounts",
    "--host-user-uid=x, host_user_uid",
    "--host-user-gid=x, host_user_gid"
  })
  void eachTraitOfANewUserHasAFlag(String flag, String trait) {
    assertThat(tctl("users", "add", "alice", "--roles=dev", flag, "--ttl=2h")).as(err()).isZero();
    assertThat(cluster.requests)
        .containsExactly(
            new CreateUserRequest(
                "alice",
                List.of("dev"),
                Map.of(trait, List.of("x")),
                Optional.of(Duration.ofHours(2))));
    assertThat(out()).contains("link is valid for");
  }

  @ParameterizedTest
  @CsvSource({
    "--set-host-user-uid=7, host_user_uid",
    "--set-host-user-gid=7, host_user_gid",
    "--set-db-users=7, db_users"
  })
  void aTraitOfAUserIsSet(String flag, String trait) {
    tctl("users", "add", "alice", "--roles=dev");
    assertThat(tctl("users", "update", "alice", flag)).as(err()).isZero();
    assertThat(cluster.requests.getLast())
        .isEqualTo(
            new UpdateUserRequest(Optional.empty(), Optional.of(Map.of(trait, List.of("7")))));
  }

  @ParameterizedTest
  @CsvSource({
    "create -f --confirm",
    "edit --confirm role/dev",
    "update --set-labels=a=b --confirm role/dev",
    "rm --confirm role/dev",
    "users update --set-roles=dev --confirm alice",
    "users rm --confirm alice",
    "lock --user=alice --confirm"
  })
  void whatSomebodyMayNotHaveMeantIsConfirmed(String command) {
    tctl("create");
    tctl("users", "add", "alice", "--roles=dev");
    assertThat(tctl(command.replace(" --confirm", "").split(" "))).as(err()).isZero();
    assertThat(cluster.mode.confirm()).isFalse();
    tctl("create", "-f");
    tctl("users", "add", "alice", "--roles=dev");
    assertThat(tctl(command.split(" "))).as(err()).isZero();
    assertThat(cluster.mode.confirm()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"get roles --with-secrets", "tokens ls --with-secrets"})
  void secretsAreAskedForByName(String command) {
    tctl(command.replace(" --with-secrets", "").split(" "));
    assertThat(cluster.secretsAsked).isFalse();
    assertThat(tctl(command.split(" "))).as(err()).isZero();
    assertThat(cluster.secretsAsked).isTrue();
  }

  @Test
  void aTokenNamesItsDatabasesAndTheInstructionsTheirs() {
    tctl("tokens", "add", "--type=db", "--databases=orders,carts", "--ttl=1h");
    assertThat(((CreateTokenRequest) cluster.requests.getLast()).databases())
        .containsExactly("orders", "carts");
    cluster.resources.clear();
    tctl("tokens", "add", "--type=db", "--db-uri=localhost:8000", "--db-protocol=dynamodb");
    assertThat(out()).contains("uri: \"localhost:8000\"", "protocol: dynamodb");
    cluster.resources.clear();
    tctl("tokens", "add", "--type=db", "--db-protocol=other");
    assertThat(out()).contains("protocol: other");
  }

  @Test
  void aLinkForANewPasswordLastsAsLongAsIsSaid() {
    tctl("users", "add", "alice", "--roles=dev");
    assertThat(tctl("users", "reset", "--ttl=3h", "alice")).isZero();
    assertThat(cluster.requests.getLast())
        .isEqualTo(new ResetUserRequest(Optional.of(Duration.ofHours(3))));
    assertThat(out()).startsWith("User \"alice\" has been reset. Share this URL with the user");
  }

  @Test
  void credentialsAreWrittenInEitherForm() throws Exception {
    tctl("users", "add", "ci", "--roles=dev");
    var file = folder.resolve("ci");
    assertThat(tctl("auth", "sign", "--user=ci", "--format=tls", "--ttl=1h", "-o", "" + file))
        .as(err())
        .isZero();
    assertThat(((SignUserRequest) cluster.requests.getLast()).ttl()).contains(Duration.ofHours(1));
    assertThat(out())
        .startsWith(
            "The credentials have been written to %s.key, %s.crt, %s.cas ("
                .formatted(file, file, file));
    var leaf = Pem.certificate(Files.readString(folder.resolve("ci.crt")));
    assertThat(leaf.getNotAfter().toInstant()).isEqualTo(FakeAdminApi.NOW.plusSeconds(3600));
    assertThat(folder.resolve("ci.key")).content().contains("PRIVATE KEY").doesNotContain("CERT");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ci.key"))))
        .isEqualTo("rw-------");
    assertThat(Pem.certificates(Files.readString(folder.resolve("ci.cas"))))
        .isEqualTo(cluster.trust().hostAuthorities());

    assertThat(tctl("auth", "sign", "--user=ci", "--format=tls", "--out=" + file)).isOne();
    assertThat(err())
        .isEqualTo(
            "ERROR: will not overwrite existing file "
                + file
                + ".key, use --overwrite to replace"
                + " it\n\n");
    assertThat(tctl("auth", "sign", "--user=ci", "--format=tls", "--overwrite", "--out=" + file))
        .isZero();
    assertThat(tctl("auth", "sign", "--user=ci", "--out=" + file)).isZero();
    assertThat(IdentityFile.read(file).identity().leaf().getNotAfter().toInstant())
        .isEqualTo(FakeAdminApi.NOW.plusSeconds(12 * 3600));
  }

  @ParameterizedTest
  @CsvSource({
    "mongodb, AWS vouches for DynamoDB's own servers",
    "db, AWS vouches for DynamoDB's own servers",
    "openssh, there is no such access here",
    "pem, (expected: file or tls)"
  })
  void otherFormsOfCredentialsAreRefusedWithTheReason(String format, String reason) {
    tctl("users", "add", "ci", "--roles=dev");
    assertThat(tctl("auth", "sign", "--user=ci", "--format=" + format, "--out=x")).isOne();
    assertThat(err()).startsWith("ERROR: invalid identity format: " + format).contains(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "audit search --key=Artist=Acme | Artist=Acme",
        "audit sessions --db=orders | db=orders",
        "audit sessions --from=2029-12-31 | from=2029-12-31T00:00:00Z",
        "audit sessions --to=2030-01-02 | to=2030-01-02T00:00:00Z",
        "audit sessions --limit=5 | limit=5",
        "audit top --from=2029-12-31 | from=2029-12-31T00:00:00Z",
        "audit top --to=2030-01-02 | to=2030-01-02T00:00:00Z",
        "audit top --limit=5 | limit=5"
      })
  void whatOfTheAuditLogIsWantedIsAsked(String command, String asked) {
    assertThat(tctl(command.split(" "))).as(err()).isZero();
    assertThat(cluster.audit.asked.toString()).contains(asked);
  }

  @ParameterizedTest
  @CsvSource({"audit sessions", "audit top", "audit status", "audit session s-1"})
  void theAuditLogIsToldAsJson(String command) {
    cluster.audit.event(
        "{\"event\": \"user.login\", \"code\": \"T1000I\", \"time\":"
            + " \"2030-01-01T10:00:00.000Z\", \"user\": \"alice\", \"sid\": \"s-1\"}");
    assertThat(tctl((command + " --format=json").split(" "))).as(err()).isZero();
    assertThat(out()).matches("(?s)[\\[{].*");
    tctl((command + " --format=text").split(" "));
    assertThat(out()).doesNotContain("{");
  }

  @Test
  void anEditIsToldWhatHasNoEffect() {
    cluster.create(ResourceReader.read(ROLE, "r").getFirst(), false);
    environment.put("EDITOR", "sed -i s/db_users:/logins:/");
    assertThat(tctl("edit", "role/dev")).as(err()).isZero();
    assertThat(err()).startsWith("WARNING: ").contains("logins: kept, and without effect here");
    assertThat(out()).contains("role \"dev\" has been updated");
  }

  @Test
  void debugTellsWhereAnErrorCameFromAndHelpTheFlags() {
    assertThat(tctl("get", "role/none")).isOne();
    assertThat(err()).doesNotContain("\tat ");
    assertThat(tctl("get", "role/none", "-d")).isOne();
    assertThat(err()).contains("\tat dev.sallyport.", "ERROR: role none is not found");
    assertThat(tctl("--help")).isZero();
    assertThat(out()).startsWith("Usage: tctl ").contains("tokens", "users");
    assertThat(tctl("tokens", "add", "-h")).isZero();
    assertThat(out()).startsWith("Usage: tctl tokens add ").contains("--type=");
    assertThat(tctl("version")).isZero();
    assertThat(out()).matches("Sallyport v1\\.0\\.0 java25\\S*\\R");
    assertThat(tctl("--insecure", "status")).as(err()).isZero();
    assertThat(cluster.list(Kind.ROLE, false)).isEmpty();
  }

  @Test
  void theAddressOfTheFlagWinsOverTheVariable() throws IOException {
    tctl("users", "add", "ci", "--roles=dev");
    var file = folder.resolve("ci.pem");
    assertThat(tctl("auth", "sign", "--user=ci", "--out=" + file)).isZero();
    for (var address : List.of("127.0.0.1:2", "nonsense:x")) {
      var told = new ByteArrayOutputStream();
      var status =
          TctlMain.run(
              new String[] {"-i", file.toString(), "--auth-server=" + address, "status"},
              new ByteArrayInputStream(new byte[0]),
              new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
              new PrintStream(told, true, StandardCharsets.UTF_8),
              Map.of("TELEPORT_AUTH_SERVER", "127.0.0.1:1"),
              folder,
              InstantSource.fixed(Instant.parse("2030-01-01T13:00:00Z")));
      assertThat(status).isOne();
      assertThat(told.toString(StandardCharsets.UTF_8))
          .contains(address.replace("nonsense:x", "--auth-server: "));
    }
  }
}
