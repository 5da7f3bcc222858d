package dev.sallyport.tsh.background;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.Console;
import dev.sallyport.pki.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The traces of background tunnels: `proxies` in tsh's home, mode 0700.
///
/// ```
/// <id>.sock   answers whoever may enter the folder, while the process lives
/// <id>.json   says that the socket is there; written after it, removed before it
/// <id>.log    what the process printed
/// ```
///
/// Whether a process is ours is told by its socket alone: process ids are used again.
public final class BackgroundFolder {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}");

  /// Longest socket path that every platform takes.
  private static final int SOCKET_PATH_BYTES_MAX = 100;

  private final Path folder;

  /// That of a process: under `TELEPORT_HOME`, else `~/.tsh`.
  public static BackgroundFolder of(Console console) {
    return new BackgroundFolder(
        console.variable("TELEPORT_HOME").map(Path::of).orElse(console.home().resolve(".tsh")));
  }

  private BackgroundFolder(Path home) {
    this.folder = home.toAbsolutePath().resolve("proxies");
  }

  /// Makes it, and refuses one that others may enter.
  public void prepare() {
    try {
      PrivateFile.makeFolders(folder);
      if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
        if (!mode.endsWith("------")) {
          throw new CommandFailure(folder + " can be entered by others; run: chmod 700 " + folder);
        }
      }
    } catch (IOException e) {
      throw new CommandFailure("cannot make " + folder + ": " + e.getMessage(), e);
    }
    var length = socket("00000000").toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > SOCKET_PATH_BYTES_MAX) {
      throw new CommandFailure(
          folder
              + " is too long for a control socket ("
              + length
              + " bytes, at most "
              + SOCKET_PATH_BYTES_MAX
              + "): set TELEPORT_HOME to a shorter one");
    }
  }

  /// Every tunnel that has left a trace.
  public List<String> ids() {
    var ids = new ArrayList<String>();
    try (var files = Files.newDirectoryStream(folder, "*.json")) {
      for (var file : files) {
        var name = String.valueOf(file.getFileName());
        var id = name.substring(0, name.length() - ".json".length());
        if (ID.matcher(id).matches()) {
          ids.add(id);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + folder + ": " + e.getMessage(), e);
    }
    ids.sort(null);
    return ids;
  }

  /// Whether the text has the form of an id; anything else is no file name of ours.
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  Path socket(String id) {
    return folder.resolve(id + ".sock");
  }

  Path state(String id) {
    return folder.resolve(id + ".json");
  }

  Path log(String id) {
    return folder.resolve(id + ".log");
  }

  /// Removes what a process has left.
  void forget(String id) {
    for (var file : List.of(state(id), socket(id), log(id))) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new CommandFailure("cannot remove " + file + ": " + e.getMessage(), e);
      }
    }
  }
}
