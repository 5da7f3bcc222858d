package dev.sallyport.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AwsSettingsTest {
  @Test
  void aServicesOwnVariableWinsOverTheGeneralOneUnlessBothAreIgnored() throws IOException {
    var both =
        Map.of(
            "AWS_ENDPOINT_URL", "https://all.example",
            "AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:8001");
    var settings = AwsSettings.of(both);
    assertThat(settings.endpoint("AWS_ENDPOINT_URL_SSO"))
        .contains(URI.create("http://127.0.0.1:8001"));
    assertThat(settings.stsEndpoint()).contains(URI.create("https://all.example"));
    var ignored =
        AwsSettings.of(
            Map.of(
                "AWS_ENDPOINT_URL_STS", "https://sts.example",
                "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"));
    assertThat(ignored.stsEndpoint()).isEmpty();
  }

  @Test
  void stsIsThatOfTheRegionWhichTheEnvironmentNames() throws IOException {
    assertThat(AwsSettings.of(Map.of()).sts("eu-west-1", false))
        .isEqualTo(StsPlace.of("eu-west-1"));
    var said = Map.of("AWS_REGION", "us-west-2", "AWS_USE_FIPS_ENDPOINT", "true");
    assertThat(AwsSettings.of(said).sts("eu-west-1", false))
        .isEqualTo(new StsPlace("us-west-2", true, false));
  }

  @Test
  void whatIsNoAddressOrNoBundleIsRefusedByName() throws IOException {
    var settings = AwsSettings.of(Map.of("AWS_ENDPOINT_URL_STS", "sts:443"));
    assertThatThrownBy(settings::stsEndpoint)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("AWS_ENDPOINT_URL_STS");
    assertThatThrownBy(() -> AwsSettings.of(Map.of("AWS_CA_BUNDLE", "/nowhere/ca.pem")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("AWS_CA_BUNDLE: /nowhere/ca.pem");
  }

  @Test
  void nothingOfTheEnvironmentIsPrinted() throws IOException {
    var settings = AwsSettings.of(Map.of("AWS_SECRET_ACCESS_KEY", "canary"));
    assertThat(settings + " " + new EnvironmentSource(settings) + " " + new ProfileFiles(settings))
        .doesNotContain("canary");
  }
}
