package dev.sallyport.resources.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.resources.InvalidDocument;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigSourceTest {
  private static final String TEXT =
      """
      version: v3
      teleport:
        nodename: a
        auth_token: secret-1
        proxy_server: teleport.example.com:443
        log: {severity: INFO, output: stderr}
      db_service:
        enabled: yes
        limits: {connections: 10}
        databases:
        - name: one
          protocol: dynamodb
          aws: {region: us-east-1, account_id: "123456789012"}
      """;

  @Test
  void theSameIsNoDifferenceHoweverItIsWritten() {
    assertThat(differences(TEXT.replace("enabled: yes", "enabled:   yes  # on"))).isEmpty();
    assertThat(
            differences(
                TEXT.replace(
                    "{severity: INFO, output: stderr}",
                    "\n    output: stderr\n    severity: INFO")))
        .isEmpty();
  }

  @Test
  void keysAreToldThatDifferAreNewOrGoneAndNoValue() {
    var other =
        TEXT.replace("nodename: a", "diag_addr: 127.0.0.1:3000")
            .replace("secret-1", "secret-2")
            .replace("output: stderr", "output: stdout")
            .replace("  limits: {connections: 10}\n", "");

    assertThat(differences(other))
        .containsExactly(
            "teleport.nodename",
            "teleport.auth_token",
            "teleport.log.output",
            "teleport.diag_addr",
            "db_service.limits.connections");
  }

  @Test
  void whatIsSetApartIsNotTold() {
    var other = TEXT.replace("INFO", "DEBUG").replace("name: one", "name: two");

    assertThat(differences(other)).containsExactly("teleport.log.severity", "db_service.databases");
    assertThat(
            source(TEXT)
                .differences(
                    source(other), Set.of("teleport.log.severity", "db_service.databases")))
        .isEmpty();
  }

  @Test
  void aFileThatIsNotThereIsToldAsAFault() {
    assertThatThrownBy(() -> ConfigSource.read(Path.of("/no/such/teleport.yaml")))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining("/no/such/teleport.yaml");
  }

  private static List<String> differences(String other) {
    return source(TEXT).differences(source(other), Set.of());
  }

  private static ConfigSource source(String text) {
    return ConfigSource.read(text, "teleport.yaml");
  }
}
