package dev.sallyport.agent.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.dynamodb.AwsService;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
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
  void whatIsNoAddressIsRefusedByName() throws IOException {
    var settings = AwsSettings.of(Map.of("AWS_ENDPOINT_URL_DAX", "dax:8111"));
    assertThatThrownBy(() -> settings.endpoint(AwsService.DAX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("AWS_ENDPOINT_URL_DAX");
  }
}
