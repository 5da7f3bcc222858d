package dev.sallyport.dynamodb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.AwsEndpointChoice;
import dev.sallyport.model.AwsEndpointChoice.Account;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ServiceUris;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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

  private static Stream<Arguments> regionsAndModes() {
    return REGIONS.stream()
        .flatMap(region ->
            Stream.of(false, true)
                .flatMap(fips ->
                    Stream.of(false, true)
                        .map(dualStack -> Arguments.of(region, fips, dualStack))));
  }

  @ParameterizedTest
  @MethodSource("regionsAndModes")
  void dynamodb_is_where_the_sdk_would_go(String region, boolean fips, boolean dualStack) {
    for (Account account : List.of(Account.DISABLED, Account.PREFERRED)) {
      URI expected =
          DynamoDbEndpointProvider.defaultProvider()
              .resolveEndpoint(p ->
                  p.region(Region.of(region))
                      .useFips(fips)
                      .useDualStack(dualStack)
                      .accountId(ACCOUNT)
                      .accountIdEndpointMode(account.word()))
              .join()
              .endpointUrl()
              .toUri();
      Database database = asking(region, fips, dualStack, account);
      assertThat(Endpoints.of(database, AwsService.DYNAMODB).uri()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("regionsAndModes")
  void streams_are_where_the_sdk_would_go(String region, boolean fips, boolean dualStack) {
    URI expected =
        DynamoDbStreamsEndpointProvider.defaultProvider()
            .resolveEndpoint(p -> p.region(Region.of(region)).useFips(fips).useDualStack(dualStack))
            .join()
            .endpointUrl()
            .toUri();
    Database database = asking(region, fips, dualStack, Account.PREFERRED);
    assertThat(Endpoints.of(database, AwsService.STREAMS).uri()).isEqualTo(expected);
  }

  /// The SDK for Java has its rules for DAX in a module that is not among our dependencies, so
  /// AWS's answers are kept as data; the file tells how they were asked for.
  @ParameterizedTest
  @MethodSource("regionsAndModes")
  void dax_is_where_the_rules_of_aws_put_it(String region, boolean fips, boolean dualStack)
      throws IOException {
    String key = "%s %s %s ".formatted(region, fips, dualStack);
    String row = daxEndpoints().filter(line -> line.startsWith(key)).findFirst().orElseThrow();
    Endpoint endpoint =
        Endpoints.of(asking(region, fips, dualStack, Account.PREFERRED), AwsService.DAX);
    assertThat(endpoint.uri()).isEqualTo(URI.create("https://" + row.substring(key.length())));
    assertThat(endpoint.signingName()).isEqualTo("dax");
    assertThat(endpoint.signingRegion()).isEqualTo(region);
  }

  private static Stream<String> daxEndpoints() throws IOException {
    try (InputStream in =
        requireNonNull(EndpointsTest.class.getResourceAsStream("dax-endpoints.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines();
    }
  }

  @Test
  void the_sdk_and_the_kept_answers_know_the_same_regions() throws IOException {
    assertThat(
            daxEndpoints()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .distinct())
        .containsAll(REGIONS);
  }

  @Test
  void both_other_services_sign_as_dynamodb() {
    Database database = database("eu-west-3", null);
    for (AwsService service : List.of(AwsService.DYNAMODB, AwsService.STREAMS)) {
      assertThat(Endpoints.of(database, service).signingName()).isEqualTo("dynamodb");
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
      Endpoint endpoint = Endpoints.of(database("us-east-1", configured), service);
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
    Endpoint endpoint = Endpoints.of(database("us-east-1", configured), AwsService.STREAMS);
    assertThat(endpoint.uri()).isEqualTo(URI.create("https://" + streams));
  }

  @Test
  void a_vpc_endpoint_is_taken_as_it_is() {
    String vpc = "vpce-0abc-1def.dynamodb.us-east-1.vpce.amazonaws.com";
    Endpoint endpoint = Endpoints.of(database("us-east-1", "https://" + vpc), AwsService.DYNAMODB);
    assertThat(endpoint.uri()).isEqualTo(URI.create("https://" + vpc));
  }

  @ParameterizedTest
  @CsvSource({
    "DYNAMODB,http://localhost:8000",
    "STREAMS,http://localhost:8001",
    "DAX,https://dax.internal.example",
  })
  void each_service_may_have_an_endpoint_of_its_own(AwsService service, String expected) {
    Database database =
        new Database(
            Metadata.named("example-dynamodb"),
            "dynamodb",
            Optional.of("http://localhost:8000"),
            DatabaseAws.of("us-east-1", ACCOUNT),
            DatabaseTls.SYSTEM,
            Map.of(),
            new ServiceUris(
                Optional.of("http://localhost:8001"), Optional.of("dax.internal.example")));
    Optional<URI> environment = Optional.of(URI.create("http://localhost:9999"));
    assertThat(Endpoints.of(database, service, environment).uri()).isEqualTo(URI.create(expected));
  }

  @Test
  void an_endpoint_of_the_environment_does_not_get_around_fips() {
    Database database = asking("us-east-1", true, false, Account.DISABLED);
    Optional<URI> plain = Optional.of(URI.create("https://dynamodb.us-east-1.amazonaws.com"));
    assertThatThrownBy(() -> Endpoints.of(database, AwsService.DYNAMODB, plain))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("asks for FIPS endpoints");
    URI fips = URI.create("https://dynamodb-fips.us-east-1.amazonaws.com");
    assertThat(Endpoints.of(database, AwsService.DYNAMODB, Optional.of(fips)).uri())
        .isEqualTo(fips);
  }

  private static Database asking(String region, boolean fips, boolean dualStack, Account account) {
    AwsEndpointChoice choice =
        new AwsEndpointChoice(Optional.of(fips), Optional.of(dualStack), Optional.of(account));
    Database database = database(region, null);
    return database.withAws(database.aws().withEndpoints(choice));
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
