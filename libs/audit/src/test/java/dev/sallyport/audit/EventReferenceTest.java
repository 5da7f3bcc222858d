package dev.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

/// Holds `docs/audit-events.md` to the types. Run with `-Dwrite.docs=true` to write it anew.
final class EventReferenceTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/sallyport/audit");
  private static final Path PAGE = Path.of("../../docs/audit-events.md");

  @Test
  void thePageIsWhatTheTypesSay() throws IOException {
    var expected = new EventReference(SOURCES).text(Samples.all());
    if (Boolean.getBoolean("write.docs")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(PAGE)
        .as("run: ./dev t libs/audit EventReferenceTest with -Dwrite.docs=true, and commit")
        .content()
        .isEqualTo(expected);
  }

  @Test
  void everyKindOfEventIsInItAndSaysWhatItIs() throws IOException {
    var page = Files.readString(PAGE);
    for (var name : EventTypes.all().keySet()) {
      assertThat(page).contains("`" + name + "` T");
    }
    assertThat(page).doesNotContain("|  |\n");
    var samples = new HashSet<Class<?>>();
    Samples.all().forEach(sample -> samples.add(sample.getClass()));
    EventTypes.all().values().forEach(type -> assertThat(samples).contains(type.record()));
  }
}
