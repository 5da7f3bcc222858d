package dev.sallyport.agent.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.aws.SessionTags.Made;
import dev.sallyport.model.AwsSessionMarks;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionTagsTest {
  private static final AwsSessionMarks MARKS =
      new AwsSessionMarks(
          Map.of("team", "data", "Env", "prod"),
          Map.of("dept", "department", "cost-center", "cost"),
          false);

  @Test
  void tagsOfTraitsStandBesideThoseThatAreWrittenDown() {
    assertThat(made(Map.of("department", List.of("Blue Team"), "cost", List.of("17"))))
        .isEqualTo(
            new Made.Tags(
                Map.of("team", "data", "Env", "prod", "dept", "Blue Team", "cost-center", "17")));
  }

  @Test
  void withoutAnAllowListNoTraitIsLookedAt() {
    var marks = AwsSessionMarks.tagged(Map.of("team", "data"));
    var user = user(Map.of("team", List.of("admin"), "TEAM", List.of("admin")));
    assertThat(SessionTags.of(marks, user, Map::of))
        .isEqualTo(new Made.Tags(Map.of("team", "data")));
  }

  @Test
  void aTraitThatIsMissingManifoldOrNotWhatAwsTakesRefusesTheSession() {
    refused(Map.of("cost", List.of("17")), "trait \"department\" of the user, who has none");
    refused(Map.of("cost", List.of("17"), "department", List.of("a", "b")), "has 2 values of it");
    for (var value :
        List.of("", " ", "a,b", "*", "${aws:username}", "a\nb", "x".repeat(257), "a\u0000")) {
      refused(Map.of("cost", List.of("17"), "department", List.of(value)), "not one that AWS");
    }
  }

  @Test
  void aTraitThatChangedSinceTheSignInRefusesTheSessionUntilTheNextOne() {
    var before = Map.of("cost", List.of("17"), "department", List.of("blue"));
    for (var now :
        List.<Map<String, List<String>>>of(
            Map.of(),
            Map.of("cost", List.of("17")),
            Map.of("cost", List.of("17"), "department", List.of("red")),
            Map.of("cost", List.of("17"), "department", List.of("blue", "red")))) {
      assertThat(SessionTags.of(MARKS, user(before), () -> now))
          .isInstanceOfSatisfying(
              Made.Refused.class, it -> assertThat(it.reason()).contains("tsh login"));
    }
  }

  /// S24.
  @Test
  void whateverTraitsAUserHasTheKeysAreTheConfigurationsAndItsValuesStay() {
    var random = new Random(24);
    var names =
        List.of(
            "department",
            "Department",
            "cost",
            "COST",
            "team",
            "TEAM",
            "env",
            "Env",
            "dept",
            "DEPT",
            "cost-center",
            "aws:PrincipalTag/team",
            "session_tags",
            "team=x");
    int tagged = 0;
    for (int round = 0; round < 5_000; round++) {
      var traits = new HashMap<String, List<String>>();
      for (var name : names) {
        if (random.nextInt(4) > 0) {
          traits.put(name, List.of("admin-" + random.nextInt(3)));
        }
      }
      if (SessionTags.of(MARKS, user(traits), () -> traits) instanceof Made.Tags tags) {
        tagged++;
        assertThat(tags.byKey())
            .containsOnlyKeys("team", "Env", "dept", "cost-center")
            .containsEntry("team", "data")
            .containsEntry("Env", "prod")
            .containsEntry("dept", traits.getOrDefault("department", List.of()).getFirst())
            .containsEntry("cost-center", traits.getOrDefault("cost", List.of()).getFirst());
      } else {
        assertThat(traits.containsKey("department") && traits.containsKey("cost")).isFalse();
      }
    }
    assertThat(tagged).isGreaterThan(1_000);
  }

  @Test
  void theSourceIdentityIsTheUserInjectivelyAndOnlyWhereItIsAskedFor() {
    var tags = new Made.Tags(Map.of());
    var plain = DatabaseAws.of("us-east-1", "123456789012");
    assertThat(RoleSession.of(plain, "r", "alice", tags).marks().sourceIdentity()).isEmpty();
    var asked =
        new DatabaseAws(
            "us-east-1",
            "123456789012",
            Optional.empty(),
            Optional.empty(),
            new AwsSessionMarks(Map.of(), Map.of(), true),
            plain.endpoints());
    var random = new Random(25);
    var seen = new HashMap<String, String>();
    for (int round = 0; round < 5_000; round++) {
      var name = new StringBuilder("aws:".repeat(random.nextInt(2)));
      for (int n = 1 + random.nextInt(80); n > 0; n--) {
        name.append("abc:@ é=h/".charAt(random.nextInt(10)));
      }
      var source =
          RoleSession.of(asked, "r", name.toString(), tags).marks().sourceIdentity().orElseThrow();
      assertThat(source).matches("[A-Za-z0-9_+=,.@-]{2,64}").doesNotStartWith("aws:");
      var other = seen.put(source, name.toString());
      assertThat(other == null || other.equals(name.toString())).isTrue();
    }
  }

  private static void refused(Map<String, List<String>> traits, String reason) {
    assertThat(made(traits))
        .isInstanceOfSatisfying(
            Made.Refused.class, it -> assertThat(it.reason()).contains("\"dept\"", reason));
  }

  private static Made made(Map<String, List<String>> traits) {
    return SessionTags.of(MARKS, user(traits), () -> traits);
  }

  private static UserIdentity user(Map<String, List<String>> traits) {
    return new UserIdentity(
        "example.com",
        "alice",
        List.of("access"),
        traits,
        UserKind.HUMAN,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
