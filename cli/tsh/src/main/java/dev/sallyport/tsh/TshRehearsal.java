package dev.sallyport.tsh;

import dev.sallyport.console.Console;
import dev.sallyport.console.HomeFolder;
import dev.sallyport.console.ProxyAddress;
import dev.sallyport.console.Rehearsal;
import dev.sallyport.console.profile.Profile;
import dev.sallyport.console.profile.ProfileStore;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.ClaimedIdentity;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.InvalidIdentity;
import dev.sallyport.pki.JavaCryptography;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;

/// Several commands of `tsh` in one process, with the login that an identity file holds: see
/// [Rehearsal].
public final class TshRehearsal {
  private TshRehearsal() {}

  /// `IDENTITY-FILE PROXY COMMAND… --then COMMAND…`: runs the commands, and ends the process with
  /// the exit code of the last.
  public static void main(String[] arguments) throws IOException, InvalidIdentity {
    JavaCryptography.leaveOutUnused();
    var environment = System.getenv();
    var home = HomeFolder.of(environment, Path.of(System.getProperty("user.home")));
    var clock = InstantSource.system();
    signIn(
        new Console(System.in, System.out, System.err, environment, home, clock),
        Path.of(arguments[0]),
        ProxyAddress.find(arguments[1]));
    var last =
        new Rehearsal(Arrays.copyOfRange(arguments, 2, arguments.length))
            .runAllButLast(command ->
                TshMain.run(command, System.in, System.out, System.err, environment, home, clock));
    TshMain.main(last);
  }

  private static void signIn(Console console, Path file, ProxyAddress proxy)
      throws IOException, InvalidIdentity {
    var login = IdentityFile.read(file);
    if (!(ClaimedIdentity.of(login.identity().leaf()).identity() instanceof UserIdentity user)) {
      throw new IllegalArgumentException(file + " is not of a user");
    }
    ProfileStore.of(console).save(new Profile(proxy, user.user(), user.clusterName()), login);
  }
}
