package dev.sallyport.e2e;

import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A host without Java: a root folder with the small programs of this one, entered by chroot. */
final class CleanRoot {
  /** An installation prepares starts, which takes minutes on a machine that is busy. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Installation host = Installation.at(GuideFiles.installation());
  private final String script =
      GuideFiles.repository().resolve("testing/e2e/src/test/scripts/clean-root").toString();
  private final Path root;

  /**
   * Makes the root; {@code root} must not exist yet.
   *
   * @param more programs that it has beyond the usual ones
   */
  CleanRoot(Path root, String... more) throws IOException {
    this.root = root;
    List<String> line = new ArrayList<>(List.of(script, "make", root.toString()));
    line.addAll(List.of(more));
    finish(line).orFail();
  }

  /** A path of the root, as this host sees it. */
  Path at(String path) {
    return root.resolve(path.substring(1));
  }

  /** Unpacks an archive into a folder of the root. */
  void unpack(Path archive, String folder) throws IOException {
    finish(List.of("tar", "-C", at(folder).toString(), "-xzf", archive.toString())).orFail();
  }

  /** Runs this host's dpkg on packages of the root; their scripts run in there. */
  CommandResult dpkg(String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(script, "dpkg", root.toString()));
    line.addAll(List.of(arguments));
    return finish(line);
  }

  /** Puts a program of one line of shell there. */
  void program(String path, String line) throws IOException {
    Files.writeString(at(path), "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(at(path), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs a command there to its end. */
  CommandResult run(String... command) throws IOException {
    return finish(there(List.of(command)));
  }

  /** Runs a line of shell there to its end. */
  CommandResult shell(String line) throws IOException {
    return run("sh", "-c", line);
  }

  /** Starts a command there; the caller closes the process. */
  RunningProcess start(String... command) throws IOException {
    return host.startAny(there(List.of(command)));
  }

  private CommandResult finish(List<String> line) throws IOException {
    try (RunningProcess process = host.startAny(line)) {
      return process.finish("", PATIENCE);
    }
  }

  private List<String> there(List<String> command) {
    List<String> line = new ArrayList<>(List.of(script, "run", root.toString()));
    line.addAll(command);
    return line;
  }
}
