package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.ProxyAddress;
import dev.sallyport.tsh.Tsh;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tsh logout`: forgets logins.
@Command(name = "logout", description = "Forget the logins of this machine.")
public final class LogoutCommand implements Runnable {
  private final Tsh tsh;

  @Option(names = "--user", paramLabel = "USER", description = "Whose login, with --proxy.")
  private @Nullable String user;

  /// A part of tsh.
  public LogoutCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    var out = tsh.console().out();
    var store = tsh.profiles();
    try {
      // Only the flag counts: a variable that names the usual Proxy is no wish to leave it alone.
      var proxy = tsh.proxyOption();
      if (proxy.isEmpty() && user == null) {
        var profiles = store.all();
        for (var profile : profiles) {
          store.remove(profile);
        }
        out.println(
            profiles.isEmpty()
                ? "All users logged out."
                : "Logged out all users from all proxies.");
      } else if (proxy.isEmpty() || user == null) {
        out.println("Specify --proxy and --user to remove a certain login, or neither for all.");
      } else {
        one(ProxyAddress.hostOf(proxy.get()), user);
      }
    } catch (IOException e) {
      throw new CommandFailure("cannot remove the login: " + e.getMessage(), e);
    }
  }

  private void one(String host, String whose) throws IOException {
    var store = tsh.profiles();
    var profile = store.find(host).filter(found -> found.user().equals(whose));
    if (profile.isEmpty()) {
      throw new CommandFailure("User " + whose + " already logged out from " + host + ".");
    }
    store.remove(profile.get());
    tsh.console().out().println("Logged out " + whose + " from " + host + ".");
  }
}
