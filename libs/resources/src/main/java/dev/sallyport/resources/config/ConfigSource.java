package dev.sallyport.resources.config;

import dev.sallyport.resources.InvalidDocument;
import dev.sallyport.resources.document.BoundedFile;
import dev.sallyport.resources.document.DocumentNode;
import dev.sallyport.resources.document.DocumentParser;
import dev.sallyport.resources.document.Fault;
import dev.sallyport.resources.document.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A configuration as it was read, and the keys of its text, to be compared with a later reading.
public final class ConfigSource {
  private final TeleportFile file;
  private final Object keys;

  private ConfigSource(TeleportFile file, Object keys) {
    this.file = file;
    this.keys = keys;
  }

  /// Reads a file.
  ///
  /// @throws InvalidDocument with every fault, or that the file can't be read
  public static ConfigSource read(Path file) {
    try {
      return read(BoundedFile.read(file, DocumentParser.MAX_CHARACTERS), file.toString());
    } catch (IOException e) {
      var fault = new Fault(Position.NONE, "", BoundedFile.explain(e));
      throw new InvalidDocument(file.toString(), List.of(fault));
    }
  }

  /// Reads a text.
  ///
  /// @param source what it is called in messages
  /// @throws InvalidDocument with every fault
  public static ConfigSource read(String text, String source) {
    var file = TeleportFile.read(text, source);
    var documents = DocumentParser.parse(text, source);
    return new ConfigSource(
        file, documents.isEmpty() ? Map.of() : DocumentNode.plainValue(documents.getFirst()));
  }

  /// What the text means.
  public TeleportFile file() {
    return file;
  }

  /// The keys whose values differ, with those above them (`teleport.log.severity`), in the order of
  /// the texts. Values are not told: some are secrets. A list counts as one value.
  ///
  /// @param apart keys that are not compared, nor what is below them
  public List<String> differences(ConfigSource other, Set<String> apart) {
    var found = new ArrayList<String>();
    compare("", keys, other.keys, apart, found);
    return found;
  }

  private static void compare(
      String path,
      @Nullable Object one,
      @Nullable Object other,
      Set<String> apart,
      List<String> found) {
    if (apart.contains(path) || Objects.equals(one, other)) {
      return;
    }
    if (!isMap(one) || !isMap(other)) {
      found.add(path);
      return;
    }
    var names = new LinkedHashSet<Object>(map(one).keySet());
    names.addAll(map(other).keySet());
    for (var name : names) {
      compare(
          path.isEmpty() ? "" + name : path + "." + name,
          map(one).get(name),
          map(other).get(name),
          apart,
          found);
    }
  }

  /// What is left out is a map without keys, so that those of the other text are told.
  private static boolean isMap(@Nullable Object value) {
    return value == null || value instanceof Map;
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }
}
