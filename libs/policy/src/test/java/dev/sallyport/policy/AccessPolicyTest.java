package dev.sallyport.policy;

import static dev.sallyport.policy.Users.ACCOUNT;
import static dev.sallyport.policy.Users.allowing;
import static dev.sallyport.policy.Users.database;
import static dev.sallyport.policy.Users.decide;
import static dev.sallyport.policy.Users.role;
import static dev.sallyport.policy.Users.roles;
import static dev.sallyport.policy.Users.side;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Database;
import dev.sallyport.model.DynamicLabel;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.Route;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessPolicyTest {
  private static final String UNSEEN =
      "access to db denied. User does not have permissions. Confirm database user and name.";
  private static final Map<String, List<String>> ALL = Map.of("*", List.of("*"));
  private static final Map<String, List<String>> DEV = Map.of("env", List.of("dev"));
  private static final Map<String, List<String>> PROD = Map.of("env", List.of("prod"));
  private static final Database DATABASE = database("us-east-1", Map.of("env", "dev"));
  private static final String ARN = "arn:aws:iam::" + ACCOUNT + ":role/Reader";

  private static Decision asking(String dbUser, Role... roles) {
    return decide(roles(roles), Map.of(), DATABASE, dbUser);
  }

  private static Denial denied(String dbUser, Role... roles) {
    return (Denial) asking(dbUser, roles);
  }

  @ParameterizedTest
  @CsvSource({
    "us-east-1, aws",
    "cn-north-1, aws-cn",
    "us-gov-west-1, aws-us-gov",
    "eusc-de-east-1, aws-eusc",
    "us-iso-east-1, aws-iso",
    "us-isob-east-1, aws-iso-b",
    "eu-isoe-west-1, aws-iso-e",
    "us-isof-south-1, aws-iso-f"
  })
  void every_spelling_of_a_role_allows_every_spelling_in_every_partition(
      String region, String partition) {
    var here = database(region, Map.of());
    var arn = "arn:%s:iam::%s:role/Reader".formatted(partition, ACCOUNT);
    for (var written : List.of("Reader", "role/Reader", arn)) {
      for (var asked : List.of("Reader", "role/Reader", arn)) {
        var decision = decide(roles(allowing("r", ALL, written)), Map.of(), here, asked);
        assertThat(decision).isInstanceOf(Permit.class);
        assertThat(((Permit) decision).roleArn().toString()).isEqualTo(arn);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reader",
        "Reader2",
        "team/Reader",
        "arn:aws-cn:iam::123456789012:role/Reader",
        "arn:aws:iam::210987654321:role/Reader",
        "*",
        ""
      })
  void another_role_than_the_one_written_is_not_allowed(String written) {
    assertThat(asking("Reader", allowing("r", ALL, written.isEmpty() ? "x" : written)))
        .isInstanceOf(written.equals("*") ? Permit.class : Denial.class);
  }

  @Test
  void a_permit_says_by_which_role_as_whom_and_until_when() {
    var permit = (Permit) asking("Reader", allowing("a", DEV, "x"), allowing("b", DEV, "Reader"));
    assertThat(permit.role()).isEqualTo("b");
    assertThat(permit.roleArn().toString()).isEqualTo(ARN);
    assertThat(permit.database()).isEqualTo(DATABASE);
    assertThat(permit.end()).isEqualTo(Users.END).isEqualTo(permit.user().notAfter());
  }

  @Test
  void nobody_outside_can_make_a_permit() {
    assertThat(Permit.class.getDeclaredConstructors())
        .allSatisfy(c -> assertThat(Modifier.isPublic(c.getModifiers())).isFalse());
    assertThat(Modifier.isFinal(Permit.class.getModifiers())).isTrue();
  }

  @Test
  void labels_of_one_role_and_users_of_another_do_not_add_up() {
    var denial = denied("Reader", allowing("labels", DEV), allowing("users", PROD, "Reader"));
    assertThat(denial.code()).isEqualTo(Denial.Code.NO_MATCHING_DB_USER);
    assertThat(denial.reasons())
        .containsExactly(
            "role \"labels\" chooses the database, but database user \"Reader\" is not among its"
                + " db_users []",
            "role \"users\" allows database user \"Reader\", but its db_labels \"{env=[prod]}\" do"
                + " not choose the database, whose labels are \"{env=dev}\"");
  }

  @Test
  void a_role_that_comes_close_is_told_before_one_that_does_not() {
    var denial =
        denied(
            "Reader",
            allowing("far", PROD, "x"),
            allowing("a preset", DEV),
            allowing("near", DEV, "Writer", "Admin"));
    assertThat(denial.reasons().getFirst())
        .isEqualTo(
            "role \"near\" chooses the database, but database user \"Reader\" is not among its"
                + " db_users [\"Writer\", \"Admin\"]");
    assertThat(denial.message())
        .startsWith(UNSEEN + " No role allows database user")
        .contains("\"Reader\"")
        .doesNotContain("Writer", "near");
  }

  @Test
  void who_can_not_see_a_database_learns_nothing_of_it() {
    assertThat(denied("Reader", allowing("r", PROD, "Reader")).message()).isEqualTo(UNSEEN);
    assertThat(denied("Reader").message()).isEqualTo(UNSEEN);
    assertThat(denied("Reader").reasons()).containsExactly("the user has no roles");
    var other = "arn:aws:iam::210987654321:role/Reader";
    assertThat(denied(other, allowing("r", PROD, "*")).message()).isEqualTo(UNSEEN);
    var hidden = role("d", RoleConditions.NONE, side(DEV, List.of()));
    assertThat(denied("Reader", allowing("r", ALL, "*"), hidden).message()).isEqualTo(UNSEEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Reader", "role/Reader", ARN, "reader", "team/Reader", "*"})
  void a_denied_user_is_denied_in_every_spelling_and_everywhere(String written) {
    var deny = role("deny", RoleConditions.NONE, side(Map.of(), List.of(written)));
    for (var asked : List.of("Reader", "role/Reader", ARN, "READER", "path/to/Reader")) {
      var denial = denied(asked, allowing("all", ALL, "*"), deny);
      assertThat(denial.code()).isEqualTo(Denial.Code.EXPLICIT_DENY);
      assertThat(denial.reasons().getFirst()).startsWith("role \"deny\" denies database user ");
      assertThat(denial.message()).startsWith(UNSEEN + " Database user ");
    }
  }

  @Test
  void a_denial_of_another_user_or_of_other_labels_denies_nothing() {
    var deny = role("deny", RoleConditions.NONE, side(PROD, List.of("Writer")));
    assertThat(asking("Reader", allowing("all", ALL, "*"), deny)).isInstanceOf(Permit.class);
  }

  @Test
  void labels_that_are_denied_deny_every_user() {
    var deny = role("deny", RoleConditions.NONE, side(DEV, List.of()));
    var denial = denied("Reader", allowing("all", ALL, "*"), deny);
    assertThat(denial.code()).isEqualTo(Denial.Code.EXPLICIT_DENY);
    assertThat(denial.reasons()).containsExactly("role \"deny\" denies the database by its labels");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "arn:aws:iam::210987654321:role/R|expected AWS account ID \"123456789012\" but got"
            + " \"210987654321\"",
        "arn:aws-cn:iam::123456789012:role/R|expected AWS partition \"aws\" but got \"aws-cn\"",
        "arn:aws:iam::123456789012:user/R|\"arn:aws:iam::123456789012:user/R\" is not an AWS IAM"
            + " role ARN",
        "role/|\"role/\" is missing AWS IAM role name"
      })
  void what_is_no_role_of_the_account_is_denied_even_to_who_may_be_anybody(
      String asked, String message) {
    var denial = denied(asked, allowing("all", ALL, "*", asked));
    assertThat(denial.code()).isEqualTo(Denial.Code.INVALID_DB_USER);
    assertThat(denial.message()).isEqualTo(UNSEEN + " " + message);
  }

  @Test
  void a_certificate_is_good_until_its_end_and_not_at_it() {
    var user = Users.verified(Users.identity(List.of("r"), Map.of(), Users.route(DATABASE, "R")));
    var roles = roles(allowing("r", ALL, "R"));
    var policy = new AccessPolicy();
    assertThat(
            policy.decide(
                new AccessRequest(
                    user, roles, DATABASE, "R", Circumstances.PLAIN, Users.END.minusNanos(1))))
        .isInstanceOf(Permit.class);
    var late =
        (Denial)
            policy.decide(
                new AccessRequest(user, roles, DATABASE, "R", Circumstances.PLAIN, Users.END));
    assertThat(late.code()).isEqualTo(Denial.Code.EXPIRED);
    assertThat(late.message()).startsWith("access to db denied.").contains("tsh login");
  }

  @Test
  void a_certificate_without_this_route_is_worth_nothing_here() {
    var roles = roles(allowing("r", ALL, "*"));
    var other = database("us-east-1", Map.of()).withMetadata(Metadata.named("other"));
    for (var route :
        List.of(
            Optional.<Route>empty(),
            Users.route(DATABASE, "Writer"),
            Users.route(other, "Reader"))) {
      var user = Users.verified(Users.identity(List.of("r"), Map.of(), route));
      var request =
          new AccessRequest(user, roles, DATABASE, "Reader", Circumstances.PLAIN, Users.NOW);
      assertThat(((Denial) new AccessPolicy().decide(request)).code())
          .isEqualTo(Denial.Code.WRONG_ROUTE);
    }
  }

  @Test
  void a_role_that_is_gone_denies_since_it_might_have_denied() {
    var roles = new RoleSet(List.of(allowing("r", ALL, "*")), List.of("gone"));
    var denial = (Denial) decide(roles, Map.of(), DATABASE, "Reader");
    assertThat(denial.code()).isEqualTo(Denial.Code.MISSING_ROLE);
    assertThat(denial.reasons()).containsExactly("role \"gone\" is not found");
  }

  @Test
  void traits_stand_for_database_users() {
    var role = allowing("access", ALL, "{{internal.db_users}}", "IAM_{{external.team}}_rw");
    var traits = Map.of("db_users", List.of("Reader", ""), "team", List.of("blue", "red"));
    for (var asked : List.of("Reader", "IAM_blue_rw", "IAM_red_rw")) {
      assertThat(decide(roles(role), traits, DATABASE, asked)).isInstanceOf(Permit.class);
    }
    assertThat(decide(roles(role), traits, DATABASE, "IAM__rw")).isInstanceOf(Denial.class);
    assertThat(decide(roles(role), Map.of(), DATABASE, "Reader")).isInstanceOf(Denial.class);
  }

  @Test
  void a_claim_from_outside_is_never_a_wildcard() {
    var traits = Map.of("db_users", List.of("*"), "env", List.of("*", "^.*$"));
    assertThat(decide(roles(allowing("r", ALL, "{{external.db_users}}")), traits, DATABASE, "R"))
        .isInstanceOf(Denial.class);
    assertThat(decide(roles(allowing("r", ALL, "{{internal.db_users}}")), traits, DATABASE, "R"))
        .isInstanceOf(Permit.class);
    var byClaim = Map.of("env", List.of("{{external.env}}"));
    assertThat(decide(roles(allowing("r", byClaim, "R")), traits, DATABASE, "R"))
        .isInstanceOf(Denial.class);
    assertThat(
            decide(
                roles(allowing("r", byClaim, "R")), Map.of("env", List.of("dev")), DATABASE, "R"))
        .isInstanceOf(Permit.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{{internal.nothing}}", "{{nothing(external.x)}}", "{{external.x", "x}}", "{{}}"})
  void what_can_not_be_read_allows_nothing_and_denies_everything(String template) {
    assertThat(asking("Reader", allowing("r", ALL, template))).isInstanceOf(Denial.class);
    var deny = role("deny", RoleConditions.NONE, side(Map.of(), List.of(template)));
    assertThat(asking("Reader", allowing("r", ALL, "*"), deny)).isInstanceOf(Denial.class);
    var labels = Map.of("env", List.of(template));
    assertThat(asking("Reader", allowing("r", labels, "*"))).isInstanceOf(Denial.class);
    var denyLabels = role("deny", RoleConditions.NONE, side(labels, List.of()));
    assertThat(asking("Reader", allowing("r", ALL, "*"), denyLabels)).isInstanceOf(Denial.class);
  }

  @Test
  void roles_that_were_taken_away_do_not_count_and_added_ones_wait_for_the_next_sign_in() {
    var identity = Users.identity(List.of("a", "b", "c"), Map.of(), Optional.empty());
    Map<String, Role> known = Map.of("a", allowing("a", ALL), "d", allowing("d", ALL));
    var set =
        RoleSet.effective(
            identity,
            Optional.of(new UserRights(List.of("a", "c", "d"), Map.of())),
            name -> Optional.ofNullable(known.get(name)));
    assertThat(set.effective()).extracting(Role::name).containsExactly("a");
    assertThat(set.missing()).containsExactly("c");
    var nobody =
        RoleSet.effective(identity, Optional.empty(), name -> Optional.ofNullable(known.get(name)));
    assertThat(nobody).isEqualTo(new RoleSet(List.of(), List.of()));
  }

  @Test
  void a_trait_that_was_taken_away_does_not_count_and_an_added_one_waits_for_the_next_sign_in() {
    var allow = allowing("r", ALL, "{{internal.db_users}}");
    assertThat(after(List.of("Reader"), List.of("Reader", "Other"), allow))
        .isInstanceOf(Permit.class);
    assertThat(after(List.of("Reader"), List.of(), allow)).isInstanceOf(Denial.class);
    assertThat(after(List.of("Reader"), List.of("Other"), allow)).isInstanceOf(Denial.class);
    assertThat(after(List.of(), List.of("Reader"), allow)).isInstanceOf(Denial.class);
  }

  @Test
  void a_trait_that_was_replaced_slips_through_no_denial_of_either_value() {
    var deny = role("r", side(ALL, List.of("*")), side(Map.of(), List.of("{{internal.db_users}}")));
    assertThat(after(List.of("Reader"), List.of("Other"), deny)).isInstanceOf(Denial.class);
    assertThat(after(List.of("Other"), List.of("Reader"), deny)).isInstanceOf(Denial.class);
    assertThat(after(List.of("Other"), List.of("Third"), deny)).isInstanceOf(Permit.class);
    var pattern = "{{regexp.replace(internal.db_users, \"^(.*)-.*$\", \"$1\")}}";
    var byPattern = role("r", side(ALL, List.of("*")), side(Map.of(), List.of(pattern)));
    assertThat(after(List.of("Reader-1"), List.of("Reader-2"), byPattern))
        .isInstanceOf(Denial.class);
  }

  /// For a user who signed in with some `db_users` and now has others.
  private static Decision after(List<String> certified, List<String> now, Role role) {
    var identity =
        Users.identity(
            List.of("r"), Map.of("db_users", certified), Users.route(DATABASE, "Reader"));
    var has = new UserRights(List.of("r"), Map.of("db_users", now));
    var roles = RoleSet.effective(identity, Optional.of(has), _ -> Optional.of(role));
    return new AccessPolicy()
        .decide(
            new AccessRequest(
                Users.verified(identity),
                roles,
                DATABASE,
                "Reader",
                Circumstances.PLAIN,
                Users.NOW));
  }

  private static Role needingMfa(String name, Map<String, List<String>> labels, String... users) {
    return Users.needingMfa(allowing(name, labels, users));
  }

  private static Decision with(Circumstances circumstances, Role... roles) {
    var user = Users.verified(Users.identity(List.of(), Map.of(), Users.route(DATABASE, "Reader")));
    return new AccessPolicy()
        .decide(
            new AccessRequest(user, roles(roles), DATABASE, "Reader", circumstances, Users.NOW));
  }

  @Test
  void a_role_that_needs_a_second_factor_holds_back_others_that_allow_the_same() {
    var strict = needingMfa("strict", DEV, "Reader");
    var lax = allowing("lax", ALL, "*");
    var verified = Circumstances.PLAIN.withMfaVerified(true);
    for (var roles : List.of(new Role[] {strict, lax}, new Role[] {lax, strict})) {
      var denial = (Denial) with(Circumstances.PLAIN, roles);
      assertThat(denial.code()).isEqualTo(Denial.Code.MFA_REQUIRED);
      assertThat(denial.message()).startsWith("access to resource requires MFA");
      assertThat(denial.reasons())
          .containsExactly(
              "role \"strict\" allows it, but requires a second factor for the session");
      assertThat(with(verified, roles)).isInstanceOf(Permit.class);
    }
    assertThat(with(Circumstances.PLAIN, needingMfa("other", PROD, "*"), lax))
        .isInstanceOf(Permit.class);
    assertThat(with(Circumstances.PLAIN, needingMfa("other", ALL, "Writer"), lax))
        .isInstanceOf(Permit.class);
    var without = (Denial) with(verified, needingMfa("other", ALL, "Writer"));
    assertThat(without.code()).isEqualTo(Denial.Code.NO_MATCHING_DB_USER);
  }

  @Test
  void a_cluster_that_needs_a_second_factor_needs_it_of_everybody() {
    var required = Circumstances.PLAIN.withMfaRequired(true);
    var denial = (Denial) with(required, allowing("r", ALL, "*"));
    assertThat(denial.code()).isEqualTo(Denial.Code.MFA_REQUIRED);
    assertThat(with(required.withMfaVerified(true), allowing("r", ALL, "*")))
        .isInstanceOf(Permit.class);
  }

  @Test
  void a_lock_comes_before_everything_that_roles_say() {
    var locked = Circumstances.PLAIN.withLock(Optional.of("lock targeting User:\"alice\""));
    var denial = (Denial) with(locked, allowing("r", ALL, "*"));
    assertThat(denial.code()).isEqualTo(Denial.Code.LOCKED);
    assertThat(denial.message()).isEqualTo("lock targeting User:\"alice\"");
  }

  @Test
  void reasons_are_told_where_the_administrator_lets_users_read_them() {
    var far =
        (Denial) with(Circumstances.PLAIN, Users.explaining(allowing("prod", PROD, "Reader")));
    assertThat(far.message())
        .isEqualTo(
            UNSEEN
                + " Reason: role \"prod\" allows database user \"Reader\", but its db_labels"
                + " \"{env=[prod]}\" do not choose the database, whose labels are"
                + " \"{env=dev}\".");
    var hidden = role("d", RoleConditions.NONE, side(DEV, List.of()));
    assertThat(((Denial) with(Circumstances.PLAIN, Users.explaining(hidden))).message())
        .isEqualTo(UNSEEN + " Reason: role \"d\" denies the database by its labels.");
  }

  @Test
  void labels_that_commands_made_can_be_ignored_when_allowing_but_not_when_denying() {
    var label = new DynamicLabel(List.of("hostname"), Duration.ofHours(1), Optional.of("blue"));
    var labelled = DATABASE.withDynamicLabels(Map.of("team", label, "env", label));
    assertThat(labelled.labels().values()).isEqualTo(Map.of("env", "dev", "team", "blue"));
    assertThat(labelled.labels().dynamic()).containsExactly("team");
    var byTeam = allowing("r", Map.of("team", List.of("blue")), "Reader");
    assertThat(decide(roles(byTeam), Map.of(), labelled, "Reader")).isInstanceOf(Permit.class);
    var ignoring = Users.explaining(byTeam);
    assertThat(decide(roles(ignoring), Map.of(), labelled, "Reader")).isInstanceOf(Denial.class);
    var deny = role("d", RoleConditions.NONE, side(Map.of("team", List.of("blue")), List.of()));
    var both = roles(allowing("all", ALL, "*"), Users.explaining(deny));
    assertThat(decide(both, Map.of(), labelled, "Reader")).isInstanceOf(Denial.class);
    assertThat(decide(both, Map.of(), DATABASE, "Reader")).isInstanceOf(Permit.class);
  }
}
