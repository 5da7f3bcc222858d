package dev.sallyport.agent.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.aws.AwsSettings;
import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.dynamodb.Endpoints;
import dev.sallyport.model.AwsEndpointChoice;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.Metadata;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DatabaseEndpointsTest {
  @Test
  void aServicesOwnVariableWinsOverTheGeneralOne() throws IOException {
    var endpoints =
        endpoints(
            Map.of(
                "AWS_ENDPOINT_URL", "https://all.example",
                "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:8001"));
    assertThat(endpoints.endpoint(AwsService.DYNAMODB))
        .contains(URI.create("http://127.0.0.1:8001"));
    assertThat(endpoints.endpoint(AwsService.STREAMS)).contains(URI.create("https://all.example"));
    assertThat(endpoints.settings().stsEndpoint()).contains(URI.create("https://all.example"));
  }

  @Test
  void configuredAddressesAreIgnoredWhenTheOperatorSaysSo() throws IOException {
    var endpoints =
        endpoints(
            Map.of(
                "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true",
                "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:8001"));
    assertThat(endpoints.endpoint(AwsService.DYNAMODB)).isEmpty();
  }

  @Test
  void theEnvironmentChoosesEndpointsWhereADatabaseSaysNothing() throws IOException {
    var endpoints =
        endpoints(
            Map.of(
                "AWS_USE_DUALSTACK_ENDPOINT", "true",
                "AWS_ACCOUNT_ID_ENDPOINT_MODE", "preferred"));
    assertThat(host(endpoints, database(Optional.empty())))
        .isEqualTo("123456789012.ddb.us-east-1.api.aws");
    assertThat(host(endpoints, database(Optional.of("dynamodb.us-east-1.amazonaws.com"))))
        .isEqualTo("dynamodb.us-east-1.amazonaws.com");
  }

  @Test
  void fipsOfTheEnvironmentIsNeverPassedOver() throws IOException {
    var endpoints = endpoints(Map.of("AWS_USE_FIPS_ENDPOINT", "true"));
    assertThat(host(endpoints, database(Optional.empty())))
        .isEqualTo("dynamodb-fips.us-east-1.amazonaws.com");
    var local = database(Optional.of("http://localhost:8000"));
    assertThatThrownBy(() -> endpoints.complete(List.of(local)))
        .hasMessageContaining("use_fips_endpoint: no");
    var allowed = new AwsEndpointChoice(Optional.of(false), Optional.empty(), Optional.empty());
    assertThat(host(endpoints, local.withAws(local.aws().withEndpoints(allowed))))
        .isEqualTo("localhost");
  }

  @Test
  void stsOfTheEnvironmentDoesNotGetAroundFips() throws IOException {
    for (var plain : List.of("https://sts.us-east-1.amazonaws.com", "http://localhost:1")) {
      var endpoints =
          endpoints(Map.of("AWS_USE_FIPS_ENDPOINT", "true", "AWS_ENDPOINT_URL_STS", plain));
      assertThatThrownBy(() -> endpoints.complete(List.of(database(Optional.empty()))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("STS");
    }
    var endpoints =
        endpoints(
            Map.of(
                "AWS_USE_FIPS_ENDPOINT", "true",
                "AWS_ENDPOINT_URL_STS", "https://sts-fips.us-east-1.amazonaws.com"));
    assertThat(endpoints.complete(List.of(database(Optional.empty())))).hasSize(1);
  }

  @Test
  void aSwitchThatIsNeitherOnNorOffIsRefusedByName() throws IOException {
    for (var name : List.of("AWS_USE_FIPS_ENDPOINT", "AWS_ACCOUNT_ID_ENDPOINT_MODE")) {
      var endpoints = endpoints(Map.of(name, "maybe"));
      assertThatThrownBy(() -> endpoints.complete(List.of(database(Optional.empty()))))
          .hasMessageContaining(name);
    }
  }

  private static DatabaseEndpoints endpoints(Map<String, String> env) throws IOException {
    return new DatabaseEndpoints(AwsSettings.of(env));
  }

  private static String host(DatabaseEndpoints endpoints, Database database) {
    var complete = endpoints.complete(List.of(database)).getFirst();
    return Endpoints.of(complete, AwsService.DYNAMODB).host();
  }

  private static Database database(Optional<String> uri) {
    return new Database(
        Metadata.named("example-dynamodb"),
        "dynamodb",
        uri,
        DatabaseAws.of("us-east-1", "123456789012"),
        DatabaseTls.SYSTEM);
  }

  @Test
  void whatIsNoAddressIsRefusedByName() throws IOException {
    var endpoints = endpoints(Map.of("AWS_ENDPOINT_URL_DAX", "dax:8111"));
    assertThatThrownBy(() -> endpoints.endpoint(AwsService.DAX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("AWS_ENDPOINT_URL_DAX");
  }
}
