package dev.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.DynamicLabel;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ServiceUris;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Looking for databases in a list.
final class DatabaseFilterTest {
  private static final Database ORDERS =
      new Database(
          new Metadata(
              "orders",
              Optional.of("Orders of customers"),
              Map.of("env", "dev", "teams", "red,blue"),
              Optional.empty(),
              Optional.empty()),
          "dynamodb",
          Optional.of("dynamodb.us-east-1.amazonaws.com"),
          new DatabaseAws(
              "us-east-1", "123456789012", Optional.empty(), Optional.empty(), Map.of()),
          DatabaseTls.SYSTEM,
          Map.of(
              "kernel",
              new DynamicLabel(List.of("uname", "-r"), Duration.ofMinutes(1), Optional.of("6.1"))),
          ServiceUris.NONE);

  @Test
  void a_query_asks_for_health() {
    var filter =
        DatabaseFilter.of(Map.of(), List.of(), Optional.of("health.status == \"unhealthy\""));
    assertThat(filter.test(ORDERS, "unhealthy")).isTrue();
    assertThat(filter.test(ORDERS, "healthy")).isFalse();
    assertThat(filter.test(ORDERS)).isFalse();
  }

  private static boolean query(String text) {
    return DatabaseFilter.of(Map.of(), List.of(), Optional.of(text)).test(ORDERS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "labels[\"env\"] == \"dev\"",
        "labels.env == \"dev\" && name != \"payroll\"",
        "labels[\"kernel\"] == \"6.1\"",
        "labels[\"stage\"] != \"prod\"",
        "exists(labels[\"env\"]) && !exists(labels[\"stage\"])",
        "equals(resource.metadata.name, \"orders\")",
        "resource.metadata.labels[\"env\"] == \"dev\"",
        "hasPrefix(name, \"ord\") || false",
        "contains(split(labels[\"teams\"], \",\"), \"blue\")",
        "search(\"CUSTOMERS\", \"dev\")",
        "search()",
        "resource.spec.protocol == \"dynamodb\"",
        "resource.spec.aws.region == \"us-east-1\"",
        "hasPrefix(resource.spec.uri, \"dynamodb.\")",
        "health.status == \"unknown\"",
        "resource.kind == \"db\""
      })
  void holds(String text) {
    assertThat(query(text)).isTrue();
    assertThat(query("!(" + text + ")")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "labels[\"env\"]",
        "labels[\"env\"] ==",
        "hasSuffix(name, \"s\")",
        "user.metadata.name == \"alice\"",
        "exists(labels)",
        "split(name, \"\") == name",
        "name = \"orders\""
      })
  void whatCantBeReadIsToldWithItsPlace(String text) {
    assertThatThrownBy(() -> query(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("failed to parse predicate expression: at character ");
  }

  @Test
  void labelsAndWordsMustAllBeThere() {
    assertThat(filter(Map.of(), List.of())).isTrue();
    assertThat(filter(Map.of("env", "dev", "kernel", "6.1"), List.of())).isTrue();
    assertThat(filter(Map.of("env", "prod"), List.of())).isFalse();
    assertThat(filter(Map.of("stage", ""), List.of())).isFalse();
    assertThat(filter(Map.of(), List.of("orders of", "RED"))).isTrue();
    assertThat(filter(Map.of(), List.of("customers,6.1"))).isTrue();
    assertThat(filter(Map.of(), List.of("customers nowhere"))).isFalse();
    assertThat(filter(Map.of("env", "dev"), List.of("nowhere"))).isFalse();
  }

  private static boolean filter(Map<String, String> labels, List<String> words) {
    return DatabaseFilter.of(labels, words, Optional.empty()).test(ORDERS);
  }
}
