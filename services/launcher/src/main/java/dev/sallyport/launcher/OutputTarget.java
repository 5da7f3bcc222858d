package dev.sallyport.launcher;

import dev.sallyport.model.Quoted;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// Where a command that writes a file puts it, as `--output` says: `stdout`, `file` for the usual
/// path, `file:///path`, or an absolute path. A file that is there is never replaced.
///
/// @param file nothing means the output
record OutputTarget(Optional<Path> file) {
  /// What `--output` may be, for the help of each command that has it.
  static final String HELP = "stdout, file (the usual path), file:///PATH or an absolute path.";

  private static final String FILE_SCHEME = "file://";

  /// Reads the value of `--output`.
  ///
  /// @param usual what `file` alone means
  static OutputTarget parse(String text, Path usual) throws StartFailure {
    if (text.equals("stdout") || text.equals("stdout://")) {
      return new OutputTarget(Optional.empty());
    }
    if (text.equals("file")) {
      return new OutputTarget(Optional.of(usual));
    }
    var path = text.startsWith(FILE_SCHEME) ? text.substring(FILE_SCHEME.length()) : text;
    if (path.isEmpty()) {
      throw new StartFailure("missing path in --output=%s".formatted(Quoted.of(text)));
    }
    if (path.contains("://")) {
      throw new StartFailure(
          "--output=%s is not supported, use %s".formatted(Quoted.of(text), HELP));
    }
    try {
      var file = Path.of(path);
      if (!file.isAbsolute()) {
        throw new StartFailure("please use absolute path for file " + path);
      }
      return new OutputTarget(Optional.of(file.normalize()));
    } catch (InvalidPathException e) {
      throw new StartFailure("--output=%s is no path".formatted(Quoted.of(text)), e);
    }
  }

  /// Prints the text, or makes the file with it and tells so.
  ///
  /// @param mode of the file, such as `rw-------`
  /// @param next what to tell after the file was made
  void write(String text, String mode, PrintStream out, String next) throws StartFailure {
    if (file.isEmpty()) {
      out.print(text);
      return;
    }
    create(file.get(), text, mode);
    out.println(next);
  }

  private static void create(Path file, String text, String mode) throws StartFailure {
    try {
      folder(file);
      var permissions = PosixFilePermissions.fromString(mode);
      var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (var channel =
          Files.newByteChannel(file, options, PosixFilePermissions.asFileAttribute(permissions))) {
        var bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      // What is asked for at the making is narrowed by the umask.
      Files.setPosixFilePermissions(file, permissions);
    } catch (FileAlreadyExistsException e) {
      throw new StartFailure(
          "will not overwrite existing file %s, rm -f %s and try again".formatted(file, file), e);
    } catch (IOException e) {
      throw new StartFailure(
          "could not write to config file, missing sudo? (%s: %s)"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }

  private static void folder(Path file) throws IOException {
    var folder = file.getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
  }
}
