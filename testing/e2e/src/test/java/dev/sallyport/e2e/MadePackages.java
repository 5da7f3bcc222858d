package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code ./dev dist} left, and roots to install it in. A test that asks for what is not there
 * is skipped; it fails where {@code -Dpackages.required=true} says that nothing may be skipped, as
 * {@code ./dev check --long} does.
 */
final class MadePackages {
  private static final boolean REQUIRED = Boolean.getBoolean("packages.required");

  private MadePackages() {}

  /** A file of {@code target/dist}. */
  static Path archive(String name) {
    Path archive = GuideFiles.repository().resolve("target/dist").resolve(name);
    need(Files.exists(archive), "target/dist has " + name + ", which ./dev dist makes");
    return archive;
  }

  /** A root of its own that can be entered; see {@link CleanRoot}. */
  static CleanRoot root(Path root, String... more) throws IOException {
    CleanRoot made = new CleanRoot(root, more);
    need(made.run("true").exitCode() == 0, "this machine allows chroot");
    return made;
  }

  /** Skips or fails where something is missing. */
  static void need(boolean there, String what) {
    if (REQUIRED) {
      assertThat(there).as("what packages.required asks for: %s", what).isTrue();
    }
    assumeTrue(there, "not so: " + what);
  }
}
