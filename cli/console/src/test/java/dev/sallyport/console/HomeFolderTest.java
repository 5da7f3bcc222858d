package dev.sallyport.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HomeFolderTest {
  private static final Path ACCOUNT = Path.of("/home/alice");

  @Test
  void homeOfTheEnvironmentWins() {
    assertEquals(Path.of("/srv/job"), HomeFolder.of(Map.of("HOME", "/srv/job"), ACCOUNT));
  }

  @Test
  void theAccountsFolderWhereHomeSaysNothingUsable() {
    assertEquals(ACCOUNT, HomeFolder.of(Map.of(), ACCOUNT));
    assertEquals(ACCOUNT, HomeFolder.of(Map.of("HOME", ""), ACCOUNT));
    assertEquals(ACCOUNT, HomeFolder.of(Map.of("HOME", "relative"), ACCOUNT));
    assertEquals(ACCOUNT, HomeFolder.of(Map.of("HOME", "/no\0path"), ACCOUNT));
  }
}
