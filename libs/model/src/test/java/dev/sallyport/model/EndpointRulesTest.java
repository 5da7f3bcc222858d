package dev.sallyport.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointRulesTest {
  private static final String ACCOUNT = "123456789012";

  private static Database database(String uri, String streams, String dax, DatabaseAws aws) {
    return new Database(
        Metadata.named("x"),
        "dynamodb",
        given(uri),
        aws,
        DatabaseTls.SYSTEM,
        Map.of(),
        new ServiceUris(given(streams), given(dax)));
  }

  private static Optional<String> given(String text) {
    return Optional.of(text).filter(one -> !one.isEmpty());
  }

  private static DatabaseAws asking(String region, boolean fips, boolean dualStack, String mode) {
    return DatabaseAws.of(region, ACCOUNT)
        .withEndpoints(
            new AwsEndpointChoice(
                Optional.of(fips), Optional.of(dualStack), AwsEndpointChoice.Account.parse(mode)));
  }

  @ParameterizedTest
  @CsvSource({
    "streams.dynamodb.us-east-1.amazonaws.com, dax.us-east-1.amazonaws.com",
    "streams-dynamodb.us-east-1.api.aws:443, dax-fips.us-east-1.amazonaws.com",
    "vpce-0a1b-2c3d.streams.dynamodb.us-east-1.vpce.amazonaws.com, localhost:8111",
    "http://localhost:8001, https://dax.internal.example:8443",
  })
  void streams_and_dax_may_have_endpoints_of_their_own(String streams, String dax) {
    var uris = database("", streams, dax, DatabaseAws.of("us-east-1", ACCOUNT)).serviceUris();
    assertThat(uris.streams()).contains(streams);
    assertThat(uris.dax()).contains(dax);
  }

  @ParameterizedTest
  @CsvSource({
    "dynamodb.us-east-1.amazonaws.com, '', streams_uri",
    "streams.dynamodb.us-west-2.amazonaws.com, '', streams_uri",
    "http://streams.dynamodb.us-east-1.amazonaws.com, '', streams_uri",
    "streams.dynamodb.us-east-1.c2s.ic.gov, '', streams_uri",
    "aws://streams.dynamodb.us-east-1.amazonaws.com, '', streams_uri",
    "a b, '', streams_uri",
    "'', s3.us-east-1.amazonaws.com, dax_uri",
    "'', streams.dynamodb.us-east-1.amazonaws.com, dax_uri",
  })
  void an_endpoint_of_another_service_or_region_is_refused(
      String streams, String dax, String field) {
    var aws = DatabaseAws.of("us-east-1", ACCOUNT);
    assertThatThrownBy(() -> database("", streams, dax, aws))
        .isInstanceOfSatisfying(
            InvalidDatabase.class, fault -> assertThat(fault.field()).isEqualTo(field));
  }

  @ParameterizedTest
  @CsvSource({
    "us-east-1, dynamodb.us-east-1.amazonaws.com, '', ''",
    "us-east-1, http://localhost:8000, '', ''",
    "us-east-1, '', http://localhost:8000, ''",
    "us-east-1, '', '', localhost:8111",
    "us-gov-west-1, '', '', dax.us-gov-west-1.amazonaws.com",
  })
  void no_endpoint_gets_around_fips(String region, String uri, String streams, String dax) {
    var aws = asking(region, true, false, "disabled");
    assertThatThrownBy(() -> database(uri, streams, dax, aws))
        .isInstanceOfSatisfying(
            InvalidDatabase.class,
            fault -> assertThat(fault.field()).isEqualTo("aws.use_fips_endpoint"))
        .hasMessageContaining("use_fips_endpoint: no");
  }

  @ParameterizedTest
  @CsvSource({
    "us-east-1, dynamodb-fips.us-east-1.amazonaws.com",
    "us-gov-west-1, dynamodb.us-gov-west-1.amazonaws.com",
    "us-east-1, aws://dynamodb.us-east-1.amazonaws.com",
    "us-east-1, vpce-0a1b-2c3d.dynamodb-fips.us-east-1.vpce.amazonaws.com",
  })
  void a_fips_endpoint_may_be_named(String region, String uri) {
    var database = database(uri, "", "", asking(region, true, false, "disabled"));
    assertThat(database.aws().endpoints().wantsFips()).isTrue();
  }

  @Test
  void a_uri_that_is_not_dual_stack_contradicts_the_wish_for_it() {
    var aws = asking("us-east-1", false, true, "disabled");
    assertThatThrownBy(() -> database("dynamodb.us-east-1.amazonaws.com", "", "", aws))
        .hasMessageContaining("use_dualstack_endpoint");
    assertThat(database("dynamodb.us-east-1.api.aws", "", "", aws).uri()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "us-east-1, false, dynamodb.us-east-1.amazonaws.com",
    "us-east-1, true, ''",
    "cn-north-1, false, ''",
  })
  void an_account_endpoint_that_there_is_not_can_not_be_required(
      String region, boolean fips, String uri) {
    var aws = asking(region, fips, false, "required");
    assertThatThrownBy(() -> database(uri, "", "", aws))
        .isInstanceOfSatisfying(
            InvalidDatabase.class,
            fault -> assertThat(fault.field()).isEqualTo("aws.account_id_endpoint_mode"));
    assertThat(database("", "", "", asking("us-east-1", false, true, "required"))).isNotNull();
  }
}
