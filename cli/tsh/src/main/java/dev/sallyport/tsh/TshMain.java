package dev.sallyport.tsh;

import dev.sallyport.console.CommandTree;
import dev.sallyport.console.Console;
import dev.sallyport.console.HomeFolder;
import dev.sallyport.diagnostics.HeapBound;
import dev.sallyport.pki.JavaCryptography;
import dev.sallyport.tsh.cluster.Clusters;
import dev.sallyport.tsh.cluster.ProxyClusters;
import dev.sallyport.tsh.command.DbCommand;
import dev.sallyport.tsh.command.DbConfigCommand;
import dev.sallyport.tsh.command.DbConnectCommand;
import dev.sallyport.tsh.command.DbEnvCommand;
import dev.sallyport.tsh.command.DbLoginCommand;
import dev.sallyport.tsh.command.DbLogoutCommand;
import dev.sallyport.tsh.command.DbLsCommand;
import dev.sallyport.tsh.command.LoginCommand;
import dev.sallyport.tsh.command.LogoutCommand;
import dev.sallyport.tsh.command.MfaAddCommand;
import dev.sallyport.tsh.command.MfaCommand;
import dev.sallyport.tsh.command.MfaLsCommand;
import dev.sallyport.tsh.command.MfaRmCommand;
import dev.sallyport.tsh.command.ProxyCommand;
import dev.sallyport.tsh.command.ProxyDbCommand;
import dev.sallyport.tsh.command.ProxyLsCommand;
import dev.sallyport.tsh.command.ProxyStopCommand;
import dev.sallyport.tsh.command.StatusCommand;
import dev.sallyport.tsh.command.VersionCommand;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// Entry of the `tsh` command.
public final class TshMain {
  /// The command that reads files alone; each other one speaks TLS.
  private static final String STATUS = "status";

  private final Clusters clusters;
  private final Foreground foreground;

  private TshMain(Clusters clusters, Foreground foreground) {
    this.clusters = clusters;
    this.foreground = foreground;
  }

  /// Runs the command of this process.
  public static void main(String[] args) {
    JavaCryptography.leaveOutUnused();
    if (!List.of(args).contains(STATUS)) {
      JavaCryptography.prepare();
    }
    var console =
        new Console(
            System.in,
            System.out,
            System.err,
            System.getenv(),
            HomeFolder.of(System.getenv(), Path.of(System.getProperty("user.home"))),
            InstantSource.system());
    int code;
    try (var _ = HeapBound.start(HeapBound.TUNNEL)) {
      code =
          new TshMain(new ProxyClusters(console.clock(), console.env()), Foreground.ofProcess())
              .run(console, args);
    }
    System.exit(code);
  }

  /// Runs a command inside this JVM and gives back its exit status. A tunnel ends when the thread
  /// is interrupted.
  public static int run(
      String[] args,
      InputStream in,
      PrintStream out,
      PrintStream err,
      Map<String, String> env,
      Path home,
      InstantSource clock) {
    return run(new Console(in, out, err, env, home, clock), new ProxyClusters(clock, env), args);
  }

  /// What the command understands: its commands and their flags, for documents about it. Not to be
  /// run.
  public static CommandSpec model() {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    var clock = InstantSource.system();
    var console =
        new Console(InputStream.nullInputStream(), nowhere, nowhere, Map.of(), Path.of(""), clock);
    return commands(new Tsh(console, new ProxyClusters(clock, Map.of()), Foreground.ofThread()))
        .getCommandSpec();
  }

  static int run(Console console, Clusters clusters, String... args) {
    return new TshMain(clusters, Foreground.ofThread()).run(console, args);
  }

  private int run(Console console, String... args) {
    var tsh = new Tsh(console, clusters, foreground);
    return CommandTree.run(commands(tsh), console, tsh::debug, args);
  }

  private static CommandLine commands(Tsh tsh) {
    return new CommandLine(tsh)
        .addSubcommand("login", new LoginCommand(tsh))
        .addSubcommand("logout", new LogoutCommand(tsh))
        .addSubcommand(STATUS, new StatusCommand(tsh))
        .addSubcommand("version", new VersionCommand(tsh))
        .addSubcommand(
            "mfa",
            new CommandLine(new MfaCommand())
                .addSubcommand("ls", new MfaLsCommand(tsh))
                .addSubcommand("add", new MfaAddCommand(tsh))
                .addSubcommand("rm", new MfaRmCommand(tsh)))
        .addSubcommand(
            "db",
            new CommandLine(new DbCommand())
                .addSubcommand("ls", new DbLsCommand(tsh))
                .addSubcommand("login", new DbLoginCommand(tsh))
                .addSubcommand("logout", new DbLogoutCommand(tsh))
                .addSubcommand("connect", new DbConnectCommand(tsh))
                .addSubcommand("env", new DbEnvCommand(tsh))
                .addSubcommand("config", new DbConfigCommand(tsh)))
        .addSubcommand(
            "proxy",
            new CommandLine(new ProxyCommand())
                .addSubcommand("db", new ProxyDbCommand(tsh))
                .addSubcommand("ls", new ProxyLsCommand(tsh))
                .addSubcommand("stop", new ProxyStopCommand(tsh)));
  }
}
