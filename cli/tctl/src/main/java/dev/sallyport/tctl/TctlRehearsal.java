package dev.sallyport.tctl;

import dev.sallyport.console.HomeFolder;
import dev.sallyport.console.Rehearsal;
import dev.sallyport.pki.JavaCryptography;
import java.nio.file.Path;
import java.time.InstantSource;

/// Several commands of `tctl` in one process: see [Rehearsal].
public final class TctlRehearsal {
  private TctlRehearsal() {}

  /// Runs the commands, and ends the process with the exit code of the last.
  public static void main(String[] arguments) {
    JavaCryptography.leaveOutUnused();
    var environment = System.getenv();
    var home = HomeFolder.of(environment, Path.of(System.getProperty("user.home")));
    var last =
        new Rehearsal(arguments)
            .runAllButLast(command ->
                TctlMain.run(
                    command,
                    System.in,
                    System.out,
                    System.err,
                    environment,
                    home,
                    InstantSource.system()));
    TctlMain.main(last);
  }
}
