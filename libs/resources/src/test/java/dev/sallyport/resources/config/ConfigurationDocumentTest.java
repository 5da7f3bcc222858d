package dev.sallyport.resources.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The configuration reference is read by the code that it describes.
final class ConfigurationDocumentTest {
  private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  private static List<TeleportFile> files(String page) throws IOException {
    var text = Files.readString(Path.of("../../docs").resolve(page));
    return BLOCK
        .matcher(text)
        .results()
        .map(block -> block.group(1))
        .filter(block -> block.contains("teleport:"))
        .map(block -> TeleportFile.read(block, page))
        .toList();
  }

  @Test
  void everyFileOfTheReferenceIsReadWithoutAWarning() throws IOException {
    assertThat(files("configuration.md"))
        .hasSize(2)
        .allSatisfy(file -> assertThat(file.warnings()).isEmpty());
  }

  @Test
  void everyFileOfTheGuideIsReadWithoutAWarning() throws IOException {
    assertThat(files("guide.md"))
        .hasSize(2)
        .allSatisfy(file -> assertThat(file.warnings()).isEmpty());
  }
}
