package dev.sallyport.agent.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

final class AwsSettingsTest {
  @Test
  void aServicesOwnVariableWinsOverTheGeneralOne() throws IOException {
    var settings =
        AwsSettings.of(
            Map.of(
                "AWS_ENDPOINT_URL", "https://all.example",
                "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:8001"));
    assertThat(settings.endpoint(AwsService.DYNAMODB))
        .contains(URI.create("http://127.0.0.1:8001"));
    assertThat(settings.endpoint(AwsService.STREAMS)).contains(URI.create("https://all.example"));
    assertThat(settings.stsEndpoint()).contains(URI.create("https://all.example"));
  }

  @Test
  void configuredAddressesAreIgnoredWhenTheOperatorSaysSo() throws IOException {
    var settings =
        AwsSettings.of(
            Map.of(
                "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true",
                "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:8001"));
    assertThat(settings.endpoint(AwsService.DYNAMODB)).isEmpty();
  }

  @Test
  void theEnvironmentChoosesEndpointsWhereADatabaseSaysNothing() throws IOException {
    var settings =
        AwsSettings.of(
            Map.of(
                "AWS_USE_DUALSTACK_ENDPOINT", "true",
                "AWS_ACCOUNT_ID_ENDPOINT_MODE", "preferred"));
    assertThat(host(settings, database(Optional.empty())))
        .isEqualTo("123456789012.ddb.us-east-1.api.aws");
    assertThat(host(settings, database(Optional.of("dynamodb.us-east-1.amazonaws.com"))))
        .isEqualTo("dynamodb.us-east-1.amazonaws.com");
  }

  @Test
  void fipsOfTheEnvironmentIsNeverPassedOver() throws IOException {
    var settings = AwsSettings.of(Map.of("AWS_USE_FIPS_ENDPOINT", "true"));
    assertThat(host(settings, database(Optional.empty())))
        .isEqualTo("dynamodb-fips.us-east-1.amazonaws.com");
    var local = database(Optional.of("http://localhost:8000"));
    assertThatThrownBy(() -> settings.complete(List.of(local)))
        .hasMessageContaining("use_fips_endpoint: no");
    var allowed = new AwsEndpointChoice(Optional.of(false), Optional.empty(), Optional.empty());
    assertThat(host(settings, local.withAws(local.aws().withEndpoints(allowed))))
        .isEqualTo("localhost");
  }

  @Test
  void stsOfTheEnvironmentDoesNotGetAroundFips() throws IOException {
    for (var plain : List.of("https://sts.us-east-1.amazonaws.com", "http://localhost:1")) {
      var settings =
          AwsSettings.of(Map.of("AWS_USE_FIPS_ENDPOINT", "true", "AWS_ENDPOINT_URL_STS", plain));
      assertThatThrownBy(() -> settings.complete(List.of(database(Optional.empty()))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("STS");
    }
    var settings =
        AwsSettings.of(
            Map.of(
                "AWS_USE_FIPS_ENDPOINT", "true",
                "AWS_ENDPOINT_URL_STS", "https://sts-fips.us-east-1.amazonaws.com"));
    assertThat(settings.complete(List.of(database(Optional.empty())))).hasSize(1);
  }

  @Test
  void aSwitchThatIsNeitherOnNorOffIsRefusedByName() throws IOException {
    for (var name : List.of("AWS_USE_FIPS_ENDPOINT", "AWS_ACCOUNT_ID_ENDPOINT_MODE")) {
      var settings = AwsSettings.of(Map.of(name, "maybe"));
      assertThatThrownBy(() -> settings.complete(List.of(database(Optional.empty()))))
          .hasMessageContaining(name);
    }
  }

  private static String host(AwsSettings settings, Database database) {
    var complete = settings.complete(List.of(database)).getFirst();
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
    var settings = AwsSettings.of(Map.of("AWS_ENDPOINT_URL_DAX", "dax:8111"));
    assertThatThrownBy(() -> settings.endpoint(AwsService.DAX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("AWS_ENDPOINT_URL_DAX");
  }
}
