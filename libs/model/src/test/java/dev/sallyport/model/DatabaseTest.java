package dev.sallyport.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {
  private static Database database(String name, String uri, String region, String account) {
    return new Database(
        Metadata.named(name),
        "dynamodb",
        Optional.of(uri).filter(text -> !text.isEmpty()),
        DatabaseAws.of(region, account),
        DatabaseTls.SYSTEM);
  }

  @ParameterizedTest
  @CsvSource({
    "dynamodb.us-east-1.amazonaws.com:443, us-east-1",
    "https://dynamodb-fips.us-west-2.amazonaws.com, us-west-2",
    "streams.dynamodb.eu-west-1.amazonaws.com, eu-west-1",
    "DAX.ap-south-1.amazonaws.com, ap-south-1",
    "aws://dynamodb.us-east-1.amazonaws.com, us-east-1",
    "dynamodb.cn-north-1.amazonaws.com.cn, cn-north-1",
    "dynamodb.us-gov-west-1.amazonaws.com, us-gov-west-1",
    "dynamodb.eusc-de-east-1.amazonaws.eu, eusc-de-east-1",
    "dynamodb.us-iso-east-1.c2s.ic.gov, us-iso-east-1",
    "dynamodb.us-isob-east-1.sc2s.sgov.gov, us-isob-east-1",
    "dynamodb.eu-isoe-west-1.cloud.adc-e.uk, eu-isoe-west-1",
    "dynamodb.us-isof-south-1.csp.hci.ic.gov, us-isof-south-1",
    "dynamodb.us-east-1.api.aws, us-east-1",
    "dynamodb.us-iso-east-1.api.aws.ic.gov, us-iso-east-1",
    "123456789012.ddb.us-east-1.amazonaws.com, us-east-1",
    "vpce-0a1b-2c3d.dynamodb.us-east-1.vpce.amazonaws.com, us-east-1"
  })
  void the_region_is_read_from_an_endpoint_of_aws(String uri, String region) {
    assertThat(database("x", uri, "", "123456789012").aws().region()).isEqualTo(region);
    assertThat(database("x", uri, region, "123456789012").aws().region()).isEqualTo(region);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "''|''|123456789012|DynamoDB database \"x\" URI is empty and cannot be derived without a"
            + " configured AWS region",
        "''|us-east-1|''|database \"x\" AWS account ID is empty",
        "localhost:8000|''|123456789012|database \"x\" AWS region is empty and cannot be derived"
            + " from the URI \"localhost:8000\"",
        "dynamodb.us-east-1.amazonaws.com|us-west-2|123456789012|database \"x\" AWS region"
            + " \"us-west-2\" does not match the configured URI region \"us-east-1\", omit the URI"
            + " and it will be derived automatically for the configured AWS region",
        "''|us-east-1|1234|database \"x\" has invalid AWS account ID: \"1234\" must be 12-digit",
        "''|us-east-1|abcd1234-this-is-an-example|database \"x\" has invalid AWS account ID:"
            + " \"abcd1234-this-is-an-example\" must be 12-digit",
        "rds.us-east-1.amazonaws.com|us-east-1|123456789012|invalid DynamoDB endpoint"
            + " \"rds.us-east-1.amazonaws.com\" (omit the URI and it will be derived from the AWS"
            + " region)",
        "dynamodb.cn-north-1.amazonaws.com|''|123456789012|invalid AWS region \"cn-north-1\" for"
            + " AWS partition \"aws\"",
        "210987654321.ddb.us-east-1.amazonaws.com|us-east-1|123456789012|database \"x\" AWS"
            + " account ID \"123456789012\" does not match the account ID \"210987654321\" of the"
            + " configured URI",
        "''|moon-1|123456789012|database \"x\" has invalid AWS region \"moon-1\" (expected: like"
            + " us-east-1)"
      })
  void faults_are_told_with_what_to_change(
      String uri, String region, String account, String message) {
    assertThatThrownBy(() -> database("x", uri, region, account))
        .isInstanceOf(InvalidDatabase.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://localhost",
        "https://user@host",
        "http://host/path",
        "host:0",
        "host:65536",
        "host:99999999",
        "http://dynamodb.us-east-1.amazonaws.com",
        "aws://localhost",
        "a b",
        "host?x",
        "http://[::1",
        "dynamodb.us-east-1.evil.vpce.amazonaws.com"
      })
  void addresses_of_another_form_are_refused(String uri) {
    assertThatThrownBy(() -> database("x", uri, "us-east-1", "123456789012"))
        .isInstanceOf(InvalidDatabase.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://localhost:8000", "https://[::1]:8443/", "db.internal", "127.0.0.1:1"})
  void another_endpoint_than_aws_has_may_be_named(String uri) {
    var endpoint = database("x", uri, "us-east-1", "123456789012").endpoint().orElseThrow();
    assertThat(endpoint.isAws()).isFalse();
  }

  @Test
  void a_host_that_only_ends_like_aws_is_not_one_of_aws() {
    assertThat(DatabaseUri.parse("dynamodb.us-east-1.notamazonaws.com").orElseThrow().isAws())
        .isFalse();
    assertThat(DatabaseUri.parse("x.amazonaws.com.evil.org").orElseThrow().isAws()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1x", "x-", "x_y", "x.y", "x y", "é", "-x"})
  void names_that_are_no_database_names_are_refused(String name) {
    assertThatThrownBy(() -> database(name, "", "us-east-1", "123456789012"))
        .isInstanceOf(InvalidDatabase.class)
        .hasMessageStartingWith("invalid database name \"" + name + "\": ");
  }

  @Test
  void only_dynamodb_is_served() {
    assertThatThrownBy(() ->
            new Database(
                Metadata.named("x"),
                "postgres",
                Optional.empty(),
                DatabaseAws.of("us-east-1", "123456789012"),
                DatabaseTls.SYSTEM))
        .hasMessage("unsupported database \"x\" protocol \"postgres\", supported are: [dynamodb]");
  }

  @Test
  void session_tags_that_aws_would_refuse_are_refused_before() {
    assertThatThrownBy(() -> tagged(Map.of("aws:x", "y"))).isInstanceOf(InvalidDatabase.class);
    assertThatThrownBy(() -> tagged(Map.of("Team", "a", "team", "b")))
        .hasMessageContaining("comes twice");
    assertThatThrownBy(() -> tagged(Map.of("k", "a\nb"))).isInstanceOf(InvalidDatabase.class);
    assertThatCode(() -> tagged(Map.of("team", "blue green"))).doesNotThrowAnyException();
  }

  private static DatabaseAws tagged(Map<String, String> tags) {
    return new DatabaseAws("us-east-1", "123456789012", Optional.empty(), Optional.empty(), tags);
  }

  @Test
  void random_addresses_are_read_or_refused_and_never_break() {
    var random = new Random(11);
    var pieces = "https:// aws:// [ ] :: 8000 : / . amazonaws.com dynamodb us-east-1 vpce- x @ ? é";
    var parts = pieces.split(" ");
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(10); n >= 0; n--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      DatabaseUri.parse(text.toString())
          .ifPresent(address -> assertThat(address.host()).doesNotContain("/", "@", "?"));
    }
  }
}
