package dev.sallyport.policy;

import static dev.sallyport.policy.Users.allowing;
import static dev.sallyport.policy.Users.role;
import static dev.sallyport.policy.Users.roles;
import static dev.sallyport.policy.Users.side;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Database;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatabaseListingTest {
  private static final Map<String, List<String>> ALL = Map.of("*", List.of("*"));
  private static final Map<String, List<String>> PROD = Map.of("env", List.of("prod"));
  private static final Database DATABASE = Users.database("us-east-1", Map.of("env", "dev"));

  private static AllowedUsers users(Role... roles) {
    var identity =
        Users.identity(List.of(), Map.of("db_users", List.of("Traited")), Optional.empty());
    return new DatabaseListing(identity, roles(roles)).allowedUsers(DATABASE);
  }

  @Test
  void names_come_sorted_and_each_iam_role_once_in_its_first_spelling() {
    var arn = "arn:aws:iam::" + Users.ACCOUNT + ":role/Reader";
    assertThat(
            users(
                allowing("a", ALL, "Writer", "Reader", "{{internal.db_users}}"),
                allowing("b", ALL, arn, "role/Reader"),
                allowing("c", PROD, "Elsewhere")))
        .isEqualTo(new AllowedUsers(List.of("Reader", "Traited", "Writer"), List.of(), false));
  }

  @Test
  void a_wildcard_has_exceptions_and_names_without_one_have_none() {
    var deny = role("deny", RoleConditions.NONE, side(Map.of(), List.of("root")));
    assertThat(users(allowing("a", ALL, "*", "admin"), deny))
        .isEqualTo(new AllowedUsers(List.of("admin"), List.of("root"), true));
    assertThat(users(allowing("a", ALL, "admin", "root"), deny))
        .isEqualTo(new AllowedUsers(List.of("admin"), List.of(), false));
  }

  @Test
  void what_is_not_visible_has_no_users() {
    assertThat(users(allowing("a", PROD, "*"))).isEqualTo(AllowedUsers.NONE);
    var hide = role("deny", RoleConditions.NONE, side(Map.of("env", List.of("dev")), List.of()));
    assertThat(users(allowing("a", ALL, "*"), hide)).isEqualTo(AllowedUsers.NONE);
  }

  @Test
  void a_role_with_labels_and_no_users_shows_the_database_without_giving_it() {
    var identity = Users.identity(List.of(), Map.of(), Optional.empty());
    var listing = new DatabaseListing(identity, roles(allowing("access", ALL)));
    assertThat(listing.visible(DATABASE)).isTrue();
    assertThat(listing.allowedUsers(DATABASE)).isEqualTo(AllowedUsers.NONE);
  }

  @Test
  void a_role_is_reviewed_before_it_is_stored() {
    var role =
        role(
            "r",
            side(
                Map.of("env", List.of("^($", "{{external.env}}")),
                List.of("Admin*", "{{internal.x}}")),
            side(Map.of("dynamic/env", List.of("x")), List.of()));
    assertThat(RoleReview.faults(role))
        .hasSize(4)
        .anySatisfy(f -> assertThat(f).contains("could not parse"))
        .anySatisfy(f -> assertThat(f).contains("no other wildcards"))
        .contains("spec.allow.db_users: unsupported variable \"x\"")
        .anySatisfy(f -> assertThat(f).startsWith("spec.deny.db_labels: labels of the namespace"));
    assertThat(RoleReview.faults(allowing("ok", ALL, "Reader", "*", "{{internal.db_users}}")))
        .isEmpty();
  }
}
