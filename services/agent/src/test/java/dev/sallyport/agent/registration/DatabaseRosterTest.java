package dev.sallyport.agent.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.DatabaseHeartbeat;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseMatcher;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.DynamicLabel;
import dev.sallyport.model.InvalidDatabase;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Metadata;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatabaseRosterTest {
  private static final String HOP = "arn:aws:iam::123456789012:role/Hop";

  private static Database database(String name, String env) {
    return new Database(
        Metadata.named(name)
            .withLabels(Map.of("env", env, "team", "a"))
            .withRevision(Optional.of("r-" + env)),
        "dynamodb",
        Optional.empty(),
        new DatabaseAws(
            "us-east-1",
            "123456789012",
            Optional.of("arn:aws:iam::123456789012:role/Own"),
            Optional.of("own-id"),
            Map.of()),
        DatabaseTls.SYSTEM);
  }

  private static DatabaseMatcher matcher(Map<String, List<String>> labels, String... role) {
    return new DatabaseMatcher(
        new LabelSelector(labels),
        role.length > 0 ? Optional.of(role[0]) : Optional.empty(),
        role.length > 1 ? Optional.of(role[1]) : Optional.empty());
  }

  private static List<String> chosen(Map<String, List<String>> labels) {
    var roster = new DatabaseRoster(List.of(matcher(labels)), UnaryOperator.identity());
    var all = List.of(database("dev", "dev"), database("prod", "prod"), database("qa", "qa-7"));
    return roster.roll(List.of(), all).databases().stream().map(Database::name).toList();
  }

  @Test
  void matchersChooseByTheirLabels() {
    assertThat(chosen(Map.of())).isEmpty();
    assertThat(chosen(Map.of("*", List.of("*")))).containsExactly("dev", "prod", "qa");
    assertThat(chosen(Map.of("env", List.of("dev", "prod")))).containsExactly("dev", "prod");
    assertThat(chosen(Map.of("env", List.of("qa-*")))).containsExactly("qa");
    assertThat(chosen(Map.of("env", List.of("^(dev|qa-[0-9])$")))).containsExactly("dev", "qa");
    assertThat(chosen(Map.of("env", List.of("dev"), "team", List.of("b")))).isEmpty();
    assertThat(chosen(Map.of("none", List.of("*")))).isEmpty();
    assertThat(chosen(Map.of("env", List.of()))).isEmpty();
  }

  @Test
  void theFirstMatcherShapesADatabaseAndItsRoleComesWithItsExternalIdOrNone() {
    var roster =
        new DatabaseRoster(
            List.of(
                matcher(Map.of("env", List.of("dev")), HOP),
                matcher(Map.of("env", List.of("qa-7")), HOP, "hop-id"),
                matcher(Map.of("*", List.of("*")))),
            UnaryOperator.identity());
    var rolled =
        roster
            .roll(
                List.of(),
                List.of(database("qa", "qa-7"), database("other", "x"), database("dev", "dev")))
            .databases();
    assertThat(rolled).extracting(Database::name).containsExactly("dev", "other", "qa");
    assertThat(rolled)
        .extracting(one -> one.aws().assumeRoleArn().orElseThrow())
        .containsExactly(HOP, "arn:aws:iam::123456789012:role/Own", HOP);
    assertThat(rolled)
        .extracting(one -> one.aws().externalId().orElse("none"))
        .containsExactly("none", "own-id", "hop-id");
    assertThat(rolled).allMatch(one -> one.metadata().revision().isEmpty());
  }

  @Test
  void whatCannotBeServedIsToldAndTheOthersAre() {
    var roster =
        new DatabaseRoster(
            List.of(matcher(Map.of("*", List.of("*")))),
            one -> {
              if (one.name().equals("bad")) {
                throw new IllegalArgumentException("no endpoint");
              }
              return one;
            });
    var ofFile = database("static", "file");
    var label =
        new DynamicLabel(List.of("touch", "/tmp/x"), Duration.ofSeconds(1), Optional.empty());
    var roll =
        roster.roll(
            List.of(ofFile),
            List.of(
                database("static", "cluster"),
                database("bad", "x"),
                database("good", "x").withDynamicLabels(Map.of("os", label))));
    assertThat(roll.databases()).extracting(Database::name).containsExactly("static", "good");
    assertThat(roll.databases().getFirst()).isSameAs(ofFile);
    assertThat(roll.databases().getLast().dynamicLabels()).isEmpty();
    assertThat(roll.skipped())
        .extracting(DatabaseRoster.Skipped::database)
        .containsExactly("bad", "good", "static");
    assertThat(roll.skipped().getLast().reason()).contains("stands in the agent's file");
  }

  @Test
  void anAgentServesNoMoreThanTheClusterTakes() {
    var roster =
        new DatabaseRoster(List.of(matcher(Map.of("*", List.of("*")))), UnaryOperator.identity());
    var many =
        IntStream.range(0, DatabaseHeartbeat.DATABASES_MAX + 2)
            .mapToObj(i -> database("db-%03d".formatted(i), "x"))
            .toList();
    var roll = roster.roll(List.of(), many);
    assertThat(roll.databases()).hasSize(DatabaseHeartbeat.DATABASES_MAX);
    assertThat(roll.skipped()).hasSize(2);
  }

  @Test
  void anExternalIdNeedsItsRole() {
    assertThatThrownBy(
            () -> new DatabaseMatcher(LabelSelector.ALL, Optional.empty(), Optional.of("some-id")))
        .isInstanceOf(InvalidDatabase.class)
        .hasMessageContaining("assume_role_arn");
  }
}
