package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.ProxyAddress;
import dev.sallyport.console.profile.Profile;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.tsh.Tsh;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tsh logout`: forgets logins, and tells their clusters to take the certificates back. A cluster
/// that does not answer within [#PATIENCE] keeps nobody from logging out.
@Command(name = "logout", description = "Forget the logins of this machine.")
public final class LogoutCommand implements Runnable {
  /// How long a cluster is waited for.
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Tsh tsh;

  @Option(names = "--user", paramLabel = "USER", description = "Whose login, with --proxy.")
  private @Nullable String user;

  /// A part of tsh.
  public LogoutCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    tsh.tellForeignProfiles();
    var out = tsh.console().out();
    var store = tsh.profiles();
    try {
      // Only the flag counts: a variable that names the usual Proxy is no wish to leave it alone.
      var proxy = tsh.proxyOption();
      if (proxy.isEmpty() && user == null) {
        var profiles = store.all();
        for (var profile : profiles) {
          forget(profile);
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

  private void forget(Profile profile) throws IOException {
    var store = tsh.profiles();
    var certificate = store.certificate(profile).map(X509Certificate::getNotAfter);
    var lives = certificate.filter(end -> end.toInstant().isAfter(tsh.console().clock().instant()));
    var login = lives.isEmpty() ? Optional.<IdentityFile>empty() : store.identity(profile);
    // Gone from here first: whatever the cluster says, nobody works with it on this machine.
    store.remove(profile);
    login.ifPresent(found -> takeBack(profile, found));
  }

  private void takeBack(Profile profile, IdentityFile login) {
    var answered = new CompletableFuture<Void>();
    Thread.ofVirtual()
        .start(() -> {
          try (var cluster = tsh.clusters().open(profile.proxy(), login)) {
            cluster.signOut();
            answered.complete(null);
          } catch (RuntimeException e) {
            answered.completeExceptionally(e);
          }
        });
    try {
      answered.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      notTakenBack(profile, login, String.valueOf(cause.getMessage()));
    } catch (TimeoutException e) {
      notTakenBack(profile, login, "no answer within %d s".formatted(PATIENCE.toSeconds()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void notTakenBack(Profile profile, IdentityFile login, String reason) {
    tsh.console()
        .err()
        .printf(
            "WARNING: %s could not take the certificate back (%s); a copy of it works until %s.%n",
            profile.cluster(), reason, login.identity().leaf().getNotAfter().toInstant());
  }

  private void one(String host, String whose) throws IOException {
    var store = tsh.profiles();
    var profile = store.find(host).filter(found -> found.user().equals(whose));
    if (profile.isEmpty()) {
      throw new CommandFailure("User " + whose + " already logged out from " + host + ".");
    }
    forget(profile.get());
    tsh.console().out().println("Logged out " + whose + " from " + host + ".");
  }
}
