package dev.sallyport.tsh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A client that carries the server would carry the server's holes.
final class JarListTest {
  @Test
  void theCommandCarriesNoServerCode() {
    var entries = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    assertThat(entries)
        .isNotEmpty()
        .noneMatch(entry ->
            entry.contains("/services/")
                || entry.contains("/libs/store/")
                || entry.contains("/libs/policy/")
                || entry.contains("javalin")
                || entry.contains("jetty")
                || entry.contains("sqlite")
                || entry.contains("software/amazon"));
  }
}
