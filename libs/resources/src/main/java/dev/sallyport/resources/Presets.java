package dev.sallyport.resources;

import dev.sallyport.model.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The roles that a new cluster begins with. They are documents, kept beside this class.
public final class Presets {
  /// On every preset, so that one knows it from a role of one's own.
  public static final String LABEL = "teleport.internal/resource-type";

  /// The value of {@link #LABEL}.
  public static final String LABEL_VALUE = "preset";

  private static final List<String> NAMES = List.of("access", "editor", "auditor");

  private Presets() {}

  /// `access`, `editor` and `auditor`.
  public static List<Role> roles() {
    return NAMES.stream().map(Presets::role).toList();
  }

  private static Role role(String name) {
    var path = "presets/" + name + ".yaml";
    try (var stream = Presets.class.getResourceAsStream(path)) {
      if (stream == null) {
        throw new IllegalStateException(path + " is missing from this build");
      }
      var text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return ResourceReader.read(text, path).stream()
          .map(Role.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
