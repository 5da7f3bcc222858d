package dev.sallyport.launcher;

import dev.sallyport.model.JoinMethod;
import dev.sallyport.model.Secret;
import dev.sallyport.resources.InvalidDocument;
import dev.sallyport.resources.config.CaPinSource;
import dev.sallyport.resources.config.ConfigSource;
import dev.sallyport.resources.config.InstanceSection;
import dev.sallyport.resources.config.JoinParams;
import dev.sallyport.resources.config.TeleportFile;
import dev.sallyport.resources.config.TokenSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `teleport start`: runs the services of a file until it is told to stop. Flags win over the file.
@Command(name = "start", description = "Starts the services of a configuration file.")
final class StartCommand implements Callable<Integer> {
  private final Surroundings around;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Configuration file; /etc/teleport.yaml where there is one.")
  private @Nullable Path config;

  @Option(
      names = {"-d", "--debug"},
      description = "Log at DEBUG, to standard error.")
  private boolean debug;

  @Option(names = "--pid-file", paramLabel = "FILE", description = "Write the process id there.")
  private @Nullable Path pidFile;

  @Option(names = "--nodename", paramLabel = "NAME", description = "The name of this host.")
  private @Nullable String nodename;

  @Option(names = "--token", paramLabel = "TOKEN", description = "Join token, or a file with it.")
  private @Nullable String token;

  @Option(names = "--join-method", paramLabel = "METHOD", description = JoinSetup.METHOD_HELP)
  private @Nullable String joinMethod;

  @Option(names = "--ca-pin", paramLabel = "PIN", description = "The cluster's pin; may repeat.")
  private List<String> caPins = new ArrayList<>();

  @Option(names = "--skip-version-check", description = "Accepted; there is nothing to skip.")
  @SuppressWarnings("unused") // picocli fills it
  private boolean noVersionCheck;

  @Option(names = "--no-debug-service", description = "Accepted; there is no such service.")
  @SuppressWarnings("unused") // picocli fills it
  private boolean noDebugService;

  StartCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws StartFailure {
    var source = read();
    var file = overridden(source.file());
    var services = ServiceSet.of(file);
    try (var log = LogSetup.apply(file.teleport().log(), debug)) {
      return serve(source, services, log);
    }
  }

  private int serve(ConfigSource source, ServiceSet services, LogSetup.Log log)
      throws StartFailure {
    var file = overridden(source.file());
    file.warnings().forEach(warning -> around.err().println("WARNING: " + warning));
    var pid = Optional.ofNullable(pidFile).or(() -> file.teleport().pidFile());
    writePid(pid);
    try (var notices = ServiceNotices.of(around.env(), ProcessHandle.current().pid());
        var wiring = ServiceWiring.start(file, services, around)) {
      if (around.reloads().isSignalIgnored()) {
        around
            .err()
            .println(
                "WARNING: HUP is ignored in this process, as nohup has it: "
                    + "a change of the configuration needs a restart.");
      }
      var reload = new Reload(source, this::read, log, wiring);
      notices.ready(wiring::answers);
      follow(reload, notices);
      return 0;
    } catch (InterruptedException e) {
      around.out().println("Stopped.");
      return 0;
    } finally {
      deletePid(pid);
    }
  }

  /// Until it is interrupted.
  private void follow(Reload reload, ServiceNotices notices) throws InterruptedException {
    try {
      while (true) {
        around.reloads().await();
        notices.reloading();
        reload.run();
        notices.reloaded();
      }
    } finally {
      // The interrupt is what ended the wait, and must not cut this short.
      boolean interrupted = Thread.interrupted();
      notices.stopping();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private ConfigSource read() throws StartFailure {
    var path = config;
    try {
      if (path == null) {
        path = TeleportFile.USUAL_PATH;
        if (!Files.exists(path)) {
          return ConfigSource.read("version: v3\n", "the defaults");
        }
      }
      return ConfigSource.read(path);
    } catch (InvalidDocument e) {
      throw new StartFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /// The file with what the flags say in the place of what it says.
  TeleportFile overridden(TeleportFile file) throws StartFailure {
    var old = file.teleport();
    var instance =
        new InstanceSection(
            Optional.ofNullable(nodename).or(old::nodename),
            old.dataDir(),
            join(old.join()),
            caPins.isEmpty() ? old.caPins() : new CaPinSource(caPins),
            old.proxyServer(),
            old.authServer(),
            old.diagAddr(),
            old.pidFile(),
            old.maxConnections(),
            old.log());
    return new TeleportFile(
        file.version(), instance, file.auth(), file.proxy(), file.db(), file.warnings());
  }

  private Optional<JoinParams> join(Optional<JoinParams> ofFile) throws StartFailure {
    var byFlag = Optional.ofNullable(token).map(text -> new TokenSource(Secret.of(text)));
    var method = Optional.<JoinMethod>empty();
    if (joinMethod != null) {
      method = Optional.of(JoinSetup.method(joinMethod));
    }
    // A token that is given alone is a secret, whatever the file says.
    var join =
        byFlag.isPresent() ? byFlag.map(one -> new JoinParams(JoinMethod.TOKEN, one)) : ofFile;
    if (method.isPresent() && join.isEmpty()) {
      throw new StartFailure(JoinSetup.NEEDS_TOKEN);
    }
    var chosen = method;
    return join.map(one -> chosen.map(one::withMethod).orElse(one));
  }

  private static void writePid(Optional<Path> file) throws StartFailure {
    if (file.isEmpty()) {
      return;
    }
    try {
      Files.writeString(file.get(), ProcessHandle.current().pid() + "\n");
    } catch (IOException e) {
      throw new StartFailure("can't write the pid file " + file.get() + ": " + e.getMessage(), e);
    }
  }

  private void deletePid(Optional<Path> file) {
    if (file.isPresent()) {
      try {
        Files.deleteIfExists(file.get());
      } catch (IOException e) {
        around.err().println("WARNING: can't delete the pid file " + file.get());
      }
    }
  }
}
