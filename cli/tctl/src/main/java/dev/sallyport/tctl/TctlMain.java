package dev.sallyport.tctl;

import dev.sallyport.console.HomeFolder;
import dev.sallyport.pki.JavaCryptography;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/// The `tctl` command.
public final class TctlMain {
  private TctlMain() {}

  /// Runs the command and ends the JVM with its exit code.
  public static void main(String[] arguments) {
    JavaCryptography.leaveOutUnused();
    JavaCryptography.prepare();
    System.exit(
        run(
            arguments,
            System.in,
            System.out,
            System.err,
            System.getenv(),
            HomeFolder.of(System.getenv(), Path.of(System.getProperty("user.home"))),
            InstantSource.system()));
  }

  /// What the tool understands: its commands and their flags, for documents about it. Not to be
  /// run.
  public static CommandSpec model() {
    return Tctl.model();
  }

  /// The whole tool as a function; several may run side by side. Returns the exit code.
  public static int run(
      String[] arguments,
      InputStream in,
      PrintStream out,
      PrintStream err,
      Map<String, String> environment,
      Path home,
      InstantSource clock) {
    Invocation invocation = new Invocation(in, out, err, environment, home, clock);
    return new Tctl(options -> new Identities(invocation).connect(options))
        .run(arguments, invocation);
  }
}
