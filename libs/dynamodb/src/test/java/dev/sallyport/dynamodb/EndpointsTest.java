package dev.sallyport.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.Metadata;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.endpoints.DynamoDbEndpointProvider;
import software.amazon.awssdk.services.dynamodb.streams.endpoints.DynamoDbStreamsEndpointProvider;

/// Endpoints against the rules that the AWS SDK ships, in every partition.
class EndpointsTest {

  private static final String ACCOUNT = "123456789012";

  /// One of each partition at least: the SDK's own list must not have got shorter unnoticed.
  private static final List<String> EACH_PARTITION =
      List.of(
          "us-east-1",
          "cn-north-1",
          "us-gov-west-1",
          "eusc-de-east-1",
          "us-iso-east-1",
          "us-isob-east-1",
          "eu-isoe-west-1",
          "us-isof-south-1");

  private static final List<String> REGIONS =
      Stream.concat(
              Region.regions().stream().filter(one -> !one.isGlobalRegion()).map(Region::id),
              EACH_PARTITION.stream())
          .distinct()
          .sorted()
          .toList();

  @Test
  void the_sdk_knows_its_regions() {
    assertThat(REGIONS).hasSizeGreaterThan(40).containsAll(EACH_PARTITION);
  }

  static Stream<Arguments> regionsAndModes() {
    return REGIONS.stream()
        .flatMap(r -> Stream.of(EndpointMode.values()).map(mode -> Arguments.of(r, mode)));
  }

  @ParameterizedTest
  @MethodSource("regionsAndModes")
  void dynamodb_is_where_the_sdk_would_go(String region, EndpointMode mode) {
    URI expected =
        DynamoDbEndpointProvider.defaultProvider()
            .resolveEndpoint(p ->
                p.region(Region.of(region))
                    .useFips(mode == EndpointMode.FIPS)
                    .useDualStack(mode == EndpointMode.DUAL_STACK)
                    .accountId(ACCOUNT)
                    .accountIdEndpointMode(mode == EndpointMode.ACCOUNT ? "preferred" : "disabled"))
            .join()
            .endpointUrl()
            .toUri();
    assertThat(Endpoints.of(database(region, null), AwsService.DYNAMODB, mode).uri())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("regionsAndModes")
  void streams_are_where_the_sdk_would_go(String region, EndpointMode mode) {
    URI expected =
        DynamoDbStreamsEndpointProvider.defaultProvider()
            .resolveEndpoint(p ->
                p.region(Region.of(region))
                    .useFips(mode == EndpointMode.FIPS)
                    .useDualStack(mode == EndpointMode.DUAL_STACK))
            .join()
            .endpointUrl()
            .toUri();
    assertThat(Endpoints.of(database(region, null), AwsService.STREAMS, mode).uri())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "us-east-1,PLAIN,dax.us-east-1.amazonaws.com",
    "us-east-1,FIPS,dax-fips.us-east-1.amazonaws.com",
    "us-east-1,DUAL_STACK,dax.us-east-1.api.aws",
    "cn-north-1,PLAIN,dax.cn-north-1.amazonaws.com.cn",
  })
  void dax_has_its_own_name_and_signature(String region, EndpointMode mode, String host) {
    Endpoint endpoint = Endpoints.of(database(region, null), AwsService.DAX, mode);
    assertThat(endpoint.uri()).isEqualTo(URI.create("https://" + host));
    assertThat(endpoint.signingName()).isEqualTo("dax");
    assertThat(endpoint.signingRegion()).isEqualTo(region);
  }

  @Test
  void both_other_services_sign_as_dynamodb() {
    Database database = database("eu-west-3", null);
    for (AwsService service : List.of(AwsService.DYNAMODB, AwsService.STREAMS)) {
      assertThat(Endpoints.of(database, service, EndpointMode.PLAIN).signingName())
          .isEqualTo("dynamodb");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8000,http://localhost:8000,localhost:8000,8000,false",
    "https://localhost:8443,https://localhost:8443,localhost:8443,8443,true",
    "dynamodb.internal.example,https://dynamodb.internal.example,dynamodb.internal.example,443,true",
    "https://db.example:443,https://db.example,db.example,443,true",
    "http://db.example:80,http://db.example,db.example,80,false",
    "'http://[::1]:8000','http://[::1]:8000','[::1]:8000',8000,false",
  })
  void another_uri_serves_every_service(
      String configured, String uri, String hostHeader, int port, boolean tls) {
    for (AwsService service : AwsService.values()) {
      Endpoint endpoint =
          Endpoints.of(database("us-east-1", configured), service, EndpointMode.PLAIN);
      assertThat(endpoint.uri()).isEqualTo(URI.create(uri));
      assertThat(endpoint.hostHeader()).isEqualTo(hostHeader);
      assertThat(endpoint.port()).isEqualTo(port);
      assertThat(endpoint.tls()).isEqualTo(tls);
      assertThat(endpoint.host()).doesNotContain("[");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dynamodb.us-east-1.amazonaws.com:443,streams.dynamodb.us-east-1.amazonaws.com",
    "streams.dynamodb.us-east-1.amazonaws.com,streams.dynamodb.us-east-1.amazonaws.com",
    "aws://dynamodb.us-east-1.amazonaws.com,streams.dynamodb.us-east-1.amazonaws.com",
    "dynamodb-fips.us-east-1.amazonaws.com,streams.dynamodb-fips.us-east-1.amazonaws.com",
    "dynamodb.us-east-1.api.aws,streams-dynamodb.us-east-1.api.aws",
  })
  void a_regional_name_of_aws_tells_the_kind_for_each_service(String configured, String streams) {
    Endpoint endpoint =
        Endpoints.of(database("us-east-1", configured), AwsService.STREAMS, EndpointMode.PLAIN);
    assertThat(endpoint.uri()).isEqualTo(URI.create("https://" + streams));
  }

  @Test
  void a_vpc_endpoint_is_taken_as_it_is() {
    String vpc = "vpce-0abc-1def.dynamodb.us-east-1.vpce.amazonaws.com";
    Endpoint endpoint =
        Endpoints.of(
            database("us-east-1", "https://" + vpc), AwsService.DYNAMODB, EndpointMode.FIPS);
    assertThat(endpoint.uri()).isEqualTo(URI.create("https://" + vpc));
  }

  private static Database database(String region, @org.jspecify.annotations.Nullable String uri) {
    return new Database(
        Metadata.named("example-dynamodb"),
        "dynamodb",
        Optional.ofNullable(uri),
        DatabaseAws.of(region, ACCOUNT),
        DatabaseTls.SYSTEM);
  }
}
