package dev.sallyport.tctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.JoinTerms;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.model.SystemRole;
import dev.sallyport.resources.document.DocumentParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The commands that change resources, by what they print and what is there afterwards.
final class WritingTest extends TctlRig {

  private static String role(String name) {
    return "kind: role\nversion: v7\nmetadata: {name: %s}\nspec: {allow: {db_users: [a]}}\n"
        .formatted(name);
  }

  private static String documents(String... names) {
    return String.join("---\n", List.of(names).stream().map(WritingTest::role).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: role;version: v7;metadata: {name: r};spec: {}|role \"r\" has been",
        "kind: user;version: v2;metadata: {name: u};spec: {roles: [r]}|user \"u\" has been",
        "kind: token;version: v2;metadata: {name: canary-0123456789abcd};spec: {roles: [Db]}|"
            + "provision_token \"***************89abcd\" has been",
        "kind: db;version: v3;metadata: {name: d};spec: {protocol: dynamodb, aws: {region:"
            + " us-east-1, account_id: '123456789012'}}|database \"d\" has been",
        "kind: cap;spec: {}|cluster auth preference has been",
        "kind: github;metadata: {name: g};spec: {client_id: i, client_secret: s, redirect_url:"
            + " 'https://p/c', teams_to_roles: [{organization: o, team: t, roles: [r]}]}|"
            + "authentication connector \"g\" has been"
      })
  void eachKindIsCreatedThenUpdatedInItsWords(String document, String words) {
    var text = document.replace(";", "\n");
    assertThat(tctlReading(text, "create")).as(err()).isZero();
    assertThat(out()).isEqualTo(words + " created\n");
    assertThat(tctlReading(text, "create")).isEqualTo(1);
    assertThat(err()).contains("already exists, use -f or --force to overwrite");
    assertThat(tctlReading(text, "create", "-f")).isZero();
    assertThat(out()).isEqualTo(words + " updated\n");
  }

  @Test
  void backUpIsCreatedAgainWithoutTheAuthorities() {
    cluster.put(
        new CertAuthority(
            Metadata.named("host"),
            "host",
            "example.com",
            List.of(new CertAuthority.KeyPair("cert", Optional.empty())),
            List.of()));
    assertThat(tctlReading(role("r"), "create")).isZero();
    assertThat(tctl("get", "all")).isZero();
    var backup = out();
    assertThat(backup).contains("kind: cert_authority");
    cluster.resources.clear();
    assertThat(tctlReading(backup, "create", "--dry-run")).as(err()).isZero();
    assertThat(tctlReading(backup, "create")).as(err()).isZero();
    assertThat(out()).isEqualTo("role \"r\" has been created\n");
    assertThat(err()).startsWith("NOTE: 1 document of kind cert_authority left out");
    // Alone it is refused, as the Auth Service refuses it.
    var alone = backup.substring(0, backup.indexOf("---"));
    assertThat(tctlReading(alone, "create")).isEqualTo(1);
    assertThat(err()).contains("creating resources of type \"cert_authority\" is not supported");
  }

  @Test
  void whatHasNoEffectYetIsSaid() {
    tctlReading(
        """
        kind: github
        version: v3
        metadata: {name: ours}
        spec:
          client_id: id
          client_secret: secret
          redirect_url: https://example.com/v1/webapi/github/callback
          teams_to_roles: [{organization: o, team: t, roles: [access]}]
        """,
        "create");
    assertThat(err())
        .isEqualTo("NOTE: the connector is kept, but nobody can sign in with it yet.\n");
    tctlReading(
        """
        kind: db
        version: v3
        metadata: {name: d}
        spec: {protocol: dynamodb, aws: {region: us-east-1, account_id: '123456789012'}}
        """,
        "create");
    assertThat(err()).isEmpty();
  }

  @Test
  void aRefusalThatCanBeKnownBeforehandStopsEveryDocument() {
    cluster.refused.add("two");
    var text = documents("one") + "---\nkind: cap\nspec: {}\n---\n" + token("two");
    assertThat(tctlReading(text, "create")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: not two (document 3 of 3; nothing was applied)\n\n");
    assertThat(cluster.resources).isEmpty();
  }

  private static String token(String name) {
    return "kind: token\nversion: v2\nmetadata: {name: %s}\nspec: {roles: [Db]}\n".formatted(name);
  }

  @Test
  void aRefusalInTheMiddleTellsWhatIsThereAndWhatIsNot() {
    cluster.refused.add("two");
    assertThat(tctlReading(documents("one", "two", "three"), "create")).isEqualTo(1);
    assertThat(out()).isEqualTo("role \"one\" has been created\n");
    assertThat(err())
        .isEqualTo(
            "ERROR: not two\nApplied before it: role \"one\".\nNot applied: role \"two\", role"
                + " \"three\".\n\n");
    assertThat(cluster.resources).hasSize(1);
  }

  @Test
  void aDryRunShowsTheDifferenceAndChangesNothing() {
    tctlReading(documents("one"), "create");
    var before = Map.copyOf(cluster.resources);
    var text = role("one").replace("[a]", "[a, b]") + "---\n" + role("two");
    assertThat(tctlReading(text, "create", "-f", "--dry-run")).isZero();
    assertThat(out())
        .startsWith("role \"one\" would be updated:\n")
        .contains("    - a\n+     - b\n")
        .contains("role \"two\" would be created:\n+ kind: role\n");
    assertThat(tctlReading(documents("one"), "create", "-f", "--dry-run")).isZero();
    assertThat(out()).isEqualTo("role \"one\" would not change\n");
    assertThat(cluster.resources).isEqualTo(before);
  }

  private void editor(String script) throws IOException {
    Path file = Files.writeString(folder.resolve("editor.sh"), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    environment.put("TELEPORT_EDITOR", file.toString());
    environment.put("VISUAL", "false");
  }

  /// The file that the editor was given.
  private Path edited() throws IOException {
    return Path.of(Files.readString(folder.resolve("name")).strip());
  }

  private static final String NOTE_NAME =
      "echo \"$1\" > \"$(dirname \"$0\")/name\"; stat -c %a \"$1\" > \"$(dirname \"$0\")/mode\"\n";

  @Test
  void anEditIsStoredAndItsFileIsGone() throws IOException {
    tctlReading(documents("one"), "create");
    editor(NOTE_NAME + "sed -i 's/- a/- changed/' \"$1\"");
    assertThat(tctl("edit", "role/one")).as(err()).isZero();
    assertThat(out()).isEqualTo("role \"one\" has been updated\n");
    assertThat(((Role) cluster.get(Kind.ROLE, "one", false)).allow().dbUsers())
        .containsExactly("changed");
    assertThat(edited()).doesNotExist();
    assertThat(edited().getFileName().toString()).matches("teleport-resource.*\\.yaml");
    assertThat(Files.readString(folder.resolve("mode"))).isEqualTo("600\n");
  }

  @Test
  void nothingChangedIsNoChange() throws IOException {
    tctlReading(documents("one"), "create");
    editor(NOTE_NAME);
    assertThat(tctl("edit", "role/one")).isZero();
    assertThat(out()).isEqualTo("edit canceled, no changes made\n");
    assertThat(edited()).doesNotExist();
  }

  @Test
  void anotherNameIsRefusedAndTheTextKept() throws IOException {
    tctlReading(documents("one"), "create");
    editor(NOTE_NAME + "sed -i 's/name: one/name: other/' \"$1\"");
    assertThat(tctl("edit", "role/one")).isEqualTo(1);
    assertThat(err())
        .startsWith("ERROR: renaming resources is not supported with tctl edit\nYour text is kept")
        .contains(edited().toString());
    assertThat(edited()).exists().content().contains("name: other");
    Files.delete(edited());
  }

  @Test
  void aChangeByAnotherIsToldAndNothingIsLost() throws IOException {
    tctlReading(documents("one"), "create");
    editor(NOTE_NAME + "sed -i 's/- a/- mine/' \"$1\"");
    cluster.onGet =
        Optional.of(() -> cluster.create(cluster.resources.values().iterator().next(), true));
    assertThat(tctl("edit", "role/one")).isEqualTo(1);
    assertThat(err())
        .startsWith(
            "ERROR: resource revision does not match, it may have been concurrently modified;"
                + " please work from the latest state, or use --force to overwrite\n"
                + "Your text is kept in ");
    assertThat(edited()).content().contains("mine");
    Files.delete(edited());
  }

  @Test
  void anEditorThatFailsChangesNothing() throws IOException {
    tctlReading(documents("one"), "create");
    editor(NOTE_NAME + "exit 3");
    assertThat(tctl("edit", "role/one")).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "ERROR: skipping resource update, editor did not complete successfully: exit status"
                + " 3\n\n");
    assertThat(edited()).doesNotExist();
  }

  @Test
  void aFaultInTheEditedTextIsToldWithItsLineAndTheTextKept() throws IOException {
    tctlReading(documents("one"), "create");
    editor(NOTE_NAME + "sed -i 's/db_users/db_user/' \"$1\"");
    assertThat(tctl("edit", "role/one")).isEqualTo(1);
    assertThat(err()).contains("did you mean \"db_users\"?").containsPattern("line \\d+");
    assertThat(edited()).exists();
    Files.delete(edited());
  }

  @Test
  void labelsAndExpiryAreChangedAlone() {
    tctlReading(documents("one"), "create");
    assertThat(tctl("update", "role/one", "--set-labels=env=dev,team=a", "--set-ttl=1h")).isZero();
    assertThat(out()).isEqualTo("role \"one\" has been updated\n");
    Resource role = cluster.get(Kind.ROLE, "one", false);
    assertThat(role.metadata().labels()).isEqualTo(Map.of("env", "dev", "team", "a"));
    assertThat(role.metadata().expires()).contains(FakeAdminApi.NOW.plusSeconds(3600));
    assertThat(tctl("update", "role/one")).isEqualTo(1);
    assertThat(err()).contains("Nothing to update. Please provide at least one --set flag.");
    assertThat(tctl("update", "lock/x", "--set-ttl=1h")).isEqualTo(1);
    assertThat(err()).contains("updating resources of type \"lock\" is not supported");
    assertThat(tctl("update", "role/one", "--set-labels=env")).isEqualTo(1);
    assertThat(err()).contains("--set-labels: \"env\" (expected: key=value");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "role/one|role \"one\" has been deleted",
        "roles/one|role \"one\" has been deleted",
        "cap|cluster auth preference has been reset to defaults",
        "provision_token/canary-0123456789abcd|"
            + "provision_token \"***************89abcd\" has been deleted"
      })
  void removingSaysWhatIsGone(String reference, String words) {
    tctlReading(documents("one") + "---\nkind: cap\nspec: {}\n", "create");
    tctlReading(token("canary-0123456789abcd"), "create");
    assertThat(tctl("rm", reference)).as(err()).isZero();
    assertThat(out()).isEqualTo(words + "\n");
    assertThat(tctl("del", "role/none")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: role none is not found\n\n");
  }

  @Test
  void allIsABackUpThatCanBeCreatedAgain() {
    tctlReading(documents("one") + "---\nkind: cap\nspec: {}\n", "create");
    cluster.create(
        new ProvisionToken(
            Metadata.named("canary-0123456789abcd"),
            List.of(SystemRole.DB),
            JoinTerms.SECRET,
            List.of()),
        false);
    assertThat(tctl("get", "all")).as(err()).isZero();
    assertThat(cluster.secretsAsked).isTrue();
    var backUp = out();
    assertThat(backUp).contains("kind: role", "kind: cluster_auth_preference", "kind: token");
    assertThat(tctlReading(backUp, "create", "-f")).as(err()).isZero();
    assertThat(tctl("get", "all", "--format=json")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: mixed resource types only support YAML formatting\n\n");
  }

  @Test
  void aBackUpOfALargeClusterIsCreatedAgain() {
    var names = IntStream.range(0, 10_000).mapToObj("role-with-a-long-name-%05d"::formatted);
    names.forEach(name ->
        cluster.put(
            new Role(
                Metadata.named(name),
                Role.CURRENT_VERSION,
                RoleOptions.DEFAULT,
                RoleConditions.NONE,
                RoleConditions.NONE)));
    assertThat(tctl("get", "all")).as(err()).isZero();
    var backUp = out();
    assertThat(backUp.length()).isGreaterThan(DocumentParser.MAX_CHARACTERS);
    var before = Set.copyOf(cluster.resources.keySet());
    cluster.resources.clear();
    assertThat(tctlReading(backUp, "create", "-f")).as(err()).isZero();
    assertThat(cluster.resources.keySet()).isEqualTo(before);
  }

  @Test
  void ofManyOnlySomeAreNamedWhenOneIsRefused() {
    cluster.refused.add("r30");
    var names = IntStream.range(0, 60).mapToObj(i -> "r" + i).toArray(String[]::new);
    assertThat(tctlReading(documents(names), "create")).isOne();
    assertThat(err())
        .contains("role \"r19\" and 10 more.\n", "Not applied: role \"r30\",")
        .endsWith("role \"r49\" and 10 more.\n\n");
  }

  @Test
  void referencesMayBeListsAliasesAndSubKinds() {
    tctlReading(documents("one", "two"), "create");
    assertThat(tctl("get", "roles/one,role/two", "--format=json")).isZero();
    assertThat(out()).startsWith("[").contains("\"name\": \"one\"").contains("\"name\": \"two\"");
    assertThat(tctl("get", "connectors")).isZero();
    assertThat(tctl("get", "connector/none")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: saml \"none\" is not found\n\n");
    assertThat(tctl("get", "ca/user/example.com")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: cert_authority \"user\" is not found\n\n");
    assertThat(tctl("get", "rolse")).isEqualTo(1);
    assertThat(err()).contains("did you mean \"role");
    assertThat(tctl("get", "roles", "--format=text")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            Role DB Labels DB Users
            ---- --------- --------
            one            a
            two            a
            """);
  }
}
