package dev.sallyport.launcher;

import dev.sallyport.model.Quoted;
import dev.sallyport.resources.config.TeleportFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `teleport install …`: what a host needs beside the programs.
@Command(name = "install", description = "Prepares this host to run teleport as a service.")
final class InstallCommand implements Callable<Integer> {
  static CommandLine of(Surroundings around) {
    return new CommandLine(new InstallCommand()).addSubcommand(new Systemd(around));
  }

  @Override
  public Integer call() throws StartFailure {
    throw new StartFailure("which command of teleport install? systemd");
  }

  /// `teleport install systemd`: the unit.
  @Command(name = "systemd", description = "Writes a unit for systemd.")
  static final class Systemd implements Callable<Integer> {
    private static final Path USUAL_UNIT = Path.of("/etc/systemd/system/teleport.service");
    private static final Path USUAL_PROGRAM = Path.of("/usr/local/bin/teleport");
    private static final Path USUAL_PID_FOLDER = Path.of("/run/teleport");
    private static final int FD_LIMIT_MAX = 1 << 30;

    /// Written by itself into a unit, without what systemd reads as a word's end, a quote, a
    /// specifier or a variable.
    private static final Pattern PLAIN_PATH = Pattern.compile("/[A-Za-z0-9._/+@:=,~-]{0,1000}");

    /// Set by the scripts that start the program: the path they were started by.
    private static final String STARTED_AS = "SALLYPORT_PROGRAM";

    private final Surroundings around;

    @Option(names = "--fd-limit", paramLabel = "NUMBER", description = "Most open files.")
    private int fdLimit = 524_288;

    @Option(names = "--env-file", paramLabel = "FILE", description = "Variables of the service.")
    private String envFile = "/etc/default/teleport";

    @Option(names = "--pid-file", paramLabel = "FILE", description = "Where the process id is.")
    private String pidFile = USUAL_PID_FOLDER + "/teleport.pid";

    @Option(
        names = "--teleport-path",
        paramLabel = "FILE",
        description = "The program; this one without any.")
    private @Nullable String program;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "WHERE",
        description = OutputTarget.HELP)
    private String output = "stdout";

    Systemd(Surroundings around) {
      this.around = around;
    }

    @Override
    public Integer call() throws StartFailure {
      var target = OutputTarget.parse(output, USUAL_UNIT);
      target.write(unit(), "rw-r--r--", around.out(), next(target));
      return 0;
    }

    private String unit() throws StartFailure {
      if (fdLimit < 1 || fdLimit > FD_LIMIT_MAX) {
        throw new StartFailure(
            "--fd-limit: %d (expected: 1 to %d)".formatted(fdLimit, FD_LIMIT_MAX));
      }
      return template()
          .replace("@TELEPORT@", plain("--teleport-path", teleportPath()))
          .replace("@CONFIG@", TeleportFile.USUAL_PATH.toString())
          .replace("@PID_FILE@", plain("--pid-file", pidFile))
          .replace("@PID_FOLDER@\n", pidFolder())
          .replace("@ENV_FILE@", plain("--env-file", envFile))
          .replace("@FD_LIMIT@", String.valueOf(fdLimit));
    }

    private String teleportPath() {
      return Optional.ofNullable(program)
          .or(() -> Optional.ofNullable(around.env().get(STARTED_AS)))
          .orElse(USUAL_PROGRAM.toString());
    }

    /// The unit may write its own folders alone; another one for the process id is opened.
    private String pidFolder() throws StartFailure {
      var file = Path.of(pidFile);
      var folder = file.getParent();
      if (!file.equals(file.normalize()) || folder == null || folder.getNameCount() < 2) {
        throw new StartFailure(
            "--pid-file: %s (expected: a file in a folder of its own, such as %s/teleport.pid: the"
                    .formatted(Quoted.of(pidFile), USUAL_PID_FOLDER)
                + " unit lets the service write there)");
      }
      return folder.equals(USUAL_PID_FOLDER) ? "" : "ReadWritePaths=" + folder + "\n";
    }

    private static String plain(String flag, String path) throws StartFailure {
      if (!PLAIN_PATH.matcher(path).matches()) {
        throw new StartFailure(
            "%s: %s (expected: an absolute path of letters, digits and any of ._/+@:=,~-)"
                .formatted(flag, Quoted.of(path)));
      }
      return path;
    }

    private static String next(OutputTarget target) {
      return target
          .file()
          .map(file ->
              """
              A systemd unit file has been created at "%s".
              Start the service with it:

                  systemctl daemon-reload && systemctl enable --now %s
              """
                  .formatted(file, name(file)))
          .orElse("");
    }

    private static String name(Path file) {
      return String.valueOf(file.getFileName()).replaceFirst("\\.service$", "");
    }

    private static String template() {
      try (var in = InstallCommand.class.getResourceAsStream("teleport.service")) {
        if (in == null) {
          throw new IllegalStateException("teleport.service is missing in the jar");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
