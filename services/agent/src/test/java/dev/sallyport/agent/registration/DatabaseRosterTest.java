package dev.sallyport.agent.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.DatabaseHeartbeat;
import dev.sallyport.model.AllowedHost;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseMatcher;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.DynamicLabel;
import dev.sallyport.model.InvalidDatabase;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ServiceUris;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  void oneMoreThanThereIsRoomForPushesNobodyOut() {
    var roster =
        new DatabaseRoster(List.of(matcher(Map.of("*", List.of("*")))), UnaryOperator.identity());
    var full =
        IntStream.range(0, DatabaseHeartbeat.DATABASES_MAX)
            .mapToObj(i -> database("m%03d".formatted(i), "dev"))
            .toList();
    var served = roster.roll(List.of(), full).databases();
    assertThat(served).hasSize(DatabaseHeartbeat.DATABASES_MAX);
    var more = Stream.concat(Stream.of(database("a", "dev")), full.stream()).toList();
    var roll = roster.roll(List.of(), more);
    assertThat(roll.databases()).isEqualTo(served);
    assertThat(roll.skipped()).extracting(DatabaseRoster.Skipped::database).containsExactly("a");
    // Its turn comes when one goes.
    roll = roster.roll(List.of(), more.stream().filter(one -> !one.name().equals("m007")).toList());
    assertThat(roll.databases()).extracting(Database::name).contains("a").doesNotContain("m007");
    assertThat(roll.skipped()).isEmpty();
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

  private static Database at(Optional<String> uri, ServiceUris others, DatabaseTls tls) {
    var plain = database("away", "x");
    return new Database(
        plain.metadata(), plain.protocol(), uri, plain.aws(), tls, Map.of(), others);
  }

  private static DatabaseRoster.Roll roll(Database database, String... allowed) {
    var hosts = Stream.of(allowed).map(AllowedHost::parse).toList();
    var all = new DatabaseMatcher(LabelSelector.ALL, Optional.empty(), Optional.empty(), hosts);
    return new DatabaseRoster(List.of(all), UnaryOperator.identity())
        .roll(List.of(), List.of(database));
  }

  private static void leftOut(Database database, String field, String... allowed) {
    var roll = roll(database, allowed);
    assertThat(roll.databases()).isEmpty();
    assertThat(roll.skipped())
        .singleElement()
        .satisfies(one -> assertThat(one.reason()).contains("its " + field, "allow_hosts"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8000, 127.0.0.1:8000",
    "http://Local.Example.com, local.example.com",
    "http://[::1]:8000, [::1]:8000"
  })
  void theReasonHasWhatToWriteIntoTheFile(String uri, String host) {
    var database = at(Optional.of(uri), ServiceUris.NONE, DatabaseTls.SYSTEM);
    assertThat(roll(database).skipped().getFirst().reason())
        .endsWith("when allow_hosts of its db_service.resources has \"" + host + "\"");
    assertThat(roll(database, host).databases()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8000",
        "https://127.0.0.1",
        "localhost:8000",
        "http://169.254.169.254",
        "http://2852039166",
        "http://0xa9fea9fe",
        "http://0251.0376.0251.0376",
        "http://127.1",
        "http://[::1]:8000",
        "http://[::ffff:169.254.169.254]",
        "http://[::ffff:a9fe:a9fe]",
        "http://[fd00:ec2::254]",
        "https://dynamodb.us-east-1.amazonaws.com.example.com",
        "https://dynamodb.us-east-1.amazonaws.com."
      })
  void theClusterSendsNoAgentToHostsBesideAws(String uri) {
    var text = Optional.of(uri);
    leftOut(at(text, ServiceUris.NONE, DatabaseTls.SYSTEM), "uri");
    var streams = new ServiceUris(text, Optional.empty());
    leftOut(at(Optional.empty(), streams, DatabaseTls.SYSTEM), "streams_uri");
    var dax = new ServiceUris(Optional.empty(), text);
    leftOut(at(Optional.empty(), dax, DatabaseTls.SYSTEM), "dax_uri");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dynamodb.us-east-1.amazonaws.com",
        "https://dynamodb-fips.us-east-1.amazonaws.com:443",
        "https://vpce-1a-2b.dynamodb.us-east-1.vpce.amazonaws.com"
      })
  void endpointsOfAwsAreServedButNotWithAnAuthorityOfTheCluster(String uri) {
    var text = Optional.of(uri);
    assertThat(roll(at(text, ServiceUris.NONE, DatabaseTls.SYSTEM)).databases()).hasSize(1);
    var own = new DatabaseTls(Optional.of("an authority"));
    leftOut(at(text, ServiceUris.NONE, own), "tls.ca_cert");
    leftOut(at(Optional.empty(), ServiceUris.NONE, own), "tls.ca_cert", "ddb.example.com");
  }

  @Test
  void theAgentsFileAllowsAHostByItsNameAndPort() {
    var local = at(Optional.of("http://localhost:8000"), ServiceUris.NONE, DatabaseTls.SYSTEM);
    assertThat(roll(local, "LOCALHOST:8000").databases()).hasSize(1);
    leftOut(local, "uri", "localhost");
    leftOut(local, "uri", "localhost:8001");
    leftOut(local, "uri", "127.0.0.1:8000");
    var own = new DatabaseTls(Optional.of("an authority"));
    var near = at(Optional.of("https://ddb.example.com"), ServiceUris.NONE, own);
    assertThat(roll(near, "ddb.example.com").databases()).hasSize(1);
    leftOut(near, "uri", "example.com");
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
