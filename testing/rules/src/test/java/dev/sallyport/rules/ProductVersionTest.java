package dev.sallyport.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.ProductVersion;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/// The version is written in the code, so that no start-up has to look for it.
final class ProductVersionTest {
  @Test
  void theCodeAndTheBuildAgreeOnTheVersion() throws IOException {
    assertThat(Files.readString(SourceTree.root().resolve("pom.xml")))
        .contains(
            "<artifactId>sallyport-parent</artifactId>\n  <version>"
                + ProductVersion.NUMBER
                + "</version>");
  }
}
