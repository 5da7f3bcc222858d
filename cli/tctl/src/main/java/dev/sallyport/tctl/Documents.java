package dev.sallyport.tctl;

import dev.sallyport.model.Resource;
import dev.sallyport.resources.InvalidDocument;
import dev.sallyport.resources.ResourceReader;
import dev.sallyport.resources.document.DocumentParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads resources from where the command line says.
final class Documents {
  /// The longest input, in bytes: what `tctl get all` prints of a large cluster is plain ASCII.
  static final int MAX_INPUT = DocumentParser.MAX_TOTAL_CHARACTERS;

  private Documents() {}

  /// The resources of a file, or of the input when none is named.
  ///
  /// @param warned gets what works otherwise than its writer may think
  static List<Resource> read(@Nullable Path file, InputStream input, Consumer<String> warned) {
    var name = file == null ? "standard input" : file.toString();
    var resources = parse(file == null ? text(input) : text(file), name, warned);
    if (resources.isEmpty()) {
      throw new CommandFailed("no resources found, empty input?");
    }
    return resources;
  }

  private static List<Resource> parse(String text, String name, Consumer<String> warned) {
    try {
      return ResourceReader.read(text, name, warned);
    } catch (InvalidDocument e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private static String text(InputStream input) {
    try (input) {
      return bounded(input, "standard input");
    } catch (IOException e) {
      throw new CommandFailed("cannot read standard input: " + e.getMessage(), e);
    }
  }

  static String text(Path file) {
    try (var input = Files.newInputStream(file)) {
      return bounded(input, file.toString());
    } catch (NoSuchFileException e) {
      throw new CommandFailed(file + " does not exist", e);
    } catch (IOException e) {
      throw new CommandFailed("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static String bounded(InputStream input, String name) throws IOException {
    var bytes = input.readNBytes(MAX_INPUT + 1);
    if (bytes.length > MAX_INPUT) {
      throw new CommandFailed(name + " is longer than " + MAX_INPUT + " bytes");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
