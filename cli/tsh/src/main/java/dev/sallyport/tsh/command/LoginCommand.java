package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.Console;
import dev.sallyport.console.Printable;
import dev.sallyport.console.ProxyAddress;
import dev.sallyport.console.profile.Profile;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.LoginResult;
import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.tsh.Tsh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tsh login`: proves who the user is and keeps the certificate of it.
///
/// The key is made here and never leaves this machine. A login that still counts is only shown, so
/// role changes are picked up by signing out and in again, or by `--again`, which ends no tunnel.
/// Whether one counts is the cluster's to say, where it can be asked.
@Command(name = "login", description = "Sign in to a cluster.")
public final class LoginCommand implements Runnable {
  private static final String LOCAL = "local";
  private static final String PASSWORDLESS = "passwordless";
  private static final long TTL_MINUTES_MAX = Duration.ofDays(365).toMinutes();

  private final Tsh tsh;

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "Who signs in. Environment: TELEPORT_USER.")
  private @Nullable String user;

  @Option(
      names = "--auth",
      paramLabel = "NAME",
      description = "How to sign in: local or passwordless. Environment: TELEPORT_AUTH.")
  private @Nullable String auth;

  @Option(names = "--ttl", paramLabel = "MINUTES", description = "How long the login shall last.")
  private @Nullable Long ttlMinutes;

  @Option(
      names = "--ca-pin",
      paramLabel = "sha256:…",
      split = ",",
      description =
          "Pin of the cluster's authority, to trust a Proxy without a public certificate.")
  private List<String> pins = List.of();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Write an identity file instead of a profile.")
  private @Nullable Path out;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "file",
      description = "Format of the identity file.")
  private String format = "file";

  @Option(names = "--overwrite", description = "Replace an existing identity file.")
  private boolean overwrite;

  @Option(
      names = "--again",
      description =
          "Sign in also where a login still counts, for roles and traits that came since; open"
              + " tunnels go on with the new one.")
  private boolean again;

  @Parameters(arity = "0..1", paramLabel = "CLUSTER", description = "Name of the cluster.")
  private @Nullable String cluster;

  /// A part of tsh.
  public LoginCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    checkFlags();
    var known = tsh.profile();
    if (out == null && !again && showsOnly(known) && taken(known.orElseThrow())) {
      show(known.orElseThrow());
      return;
    }
    var proxy =
        tsh.proxyFlag()
            .map(text -> address(text, known))
            .or(() -> known.map(Profile::proxy))
            .orElseThrow(
                () -> new CommandFailure("No proxy address specified, missed --proxy flag?"));
    signIn(proxy, known);
  }

  private void checkFlags() {
    // Tells a wrong one before anything is asked.
    var _ = tsh.mfaMode();
    if (!format.equals("file")) {
      throw new CommandFailure("invalid identity format: " + format);
    }
    if (!method().equals(LOCAL) && !method().equals(PASSWORDLESS)) {
      throw new CommandFailure(
          "connector \""
              + method()
              + "\" is not available, sign in with --auth="
              + LOCAL
              + " or --auth="
              + PASSWORDLESS);
    }
    if (ttlMinutes != null && (ttlMinutes < 1 || ttlMinutes > TTL_MINUTES_MAX)) {
      throw new CommandFailure("--ttl: " + ttlMinutes + " (expected: minutes, at least 1)");
    }
    if (out != null && !overwrite && Files.exists(out)) {
      throw new CommandFailure(out + " exists already, use --overwrite to replace it");
    }
  }

  private String method() {
    return Optional.ofNullable(auth)
        .or(() -> tsh.console().variable("TELEPORT_AUTH"))
        .orElse(LOCAL);
  }

  /// A known Proxy keeps its port when only its host is named.
  private static ProxyAddress address(String text, Optional<Profile> known) {
    var host = ProxyAddress.hostOf(text);
    if (text.strip().equalsIgnoreCase(host)
        && known.isPresent()
        && known.get().proxy().host().equals(host)) {
      return known.get().proxy();
    }
    return ProxyAddress.find(text);
  }

  private boolean showsOnly(Optional<Profile> known) {
    if (known.isEmpty()
        || (user != null && !known.get().user().equals(user))
        || (cluster != null && !known.get().cluster().equals(cluster))
        || pinsAnother(known.get())) {
      return false;
    }
    var report = StatusReport.of(tsh, known.get());
    return report.isPresent() && !report.get().expired(tsh.console().clock().instant());
  }

  /// Whether the pins are of other keys than those that the login trusts: the cluster has changed
  /// its keys since, and the login is of no use.
  private boolean pinsAnother(Profile known) {
    if (pins.isEmpty()) {
      return false;
    }
    var trusted = tsh.profiles().identity(known).map(login -> login.trust().pins());
    return trusted.isPresent()
        && pins.stream().map(CaPin::parse).noneMatch(trusted.get()::contains);
  }

  /// Whether the cluster takes the login. One that cannot be asked is no reason for a new sign-in.
  private boolean taken(Profile known) {
    var login = tsh.profiles().identity(known).orElseThrow();
    try (var asked = tsh.clusters().open(known.proxy(), login)) {
      asked.requireSignedIn();
      return true;
    } catch (ControlException e) {
      if (e.kind() != ErrorKind.ACCESS_DENIED) {
        return true;
      }
      tsh.console()
          .err()
          .println("The login does not count any more: " + Printable.text(e.reason()));
      return false;
    }
  }

  private void signIn(ProxyAddress proxy, Optional<Profile> known) {
    if (out == null) {
      // Before anything is asked: the login could not be kept.
      tsh.profiles().requireOurs(proxy.host());
    }
    var trust = pins.isEmpty() ? ProxyTrust.of(tsh, proxy.host(), known) : pinned();
    var ping = tsh.clusters().ping(proxy, trust);
    if (cluster != null && !cluster.equals(ping.clusterName())) {
      throw new CommandFailure(
          "cluster \""
              + cluster
              + "\" not found, this Proxy serves \""
              + ping.clusterName()
              + "\"");
    }
    VersionCheck.warn(tsh, ping);
    if (ping.auth().hasMotd()) {
      tell(tsh.clusters().messageOfTheDay(proxy, trust));
    }
    var pair = KeyPairs.generate();
    var result = login(proxy, trust, pair, known);
    var login = identity(result, pair);
    try {
      if (out != null) {
        login.write(out);
        tsh.console().out().println("The certificate has been written to " + out);
        return;
      }
      var profile = new Profile(proxy, result.user(), login.trust().clusterName());
      tsh.profiles().save(profile, login);
      show(profile);
    } catch (IOException e) {
      var where = out == null ? tsh.profiles().folder() : out;
      throw new CommandFailure(
          "cannot write the login to %s: %s; nobody is signed in by it"
              .formatted(where, e.getMessage()),
          e);
    }
  }

  /// A person confirms that they read it; a program's input is left for the password.
  private void tell(String message) {
    var console = tsh.console();
    console.err().println(Printable.text(message.strip()));
    console.awaitEnter("Press [ENTER] to continue.");
  }

  private X509ExtendedTrustManager pinned() {
    if (tsh.insecure()) {
      throw new CommandFailure("--ca-pin and --insecure exclude each other");
    }
    return ProxyTrust.pinned(tsh, pins);
  }

  private LoginResult login(
      ProxyAddress proxy, X509ExtendedTrustManager trust, KeyPair pair, Optional<Profile> known) {
    var signIn = new SignIn(tsh, proxy, trust);
    var ttl = Optional.ofNullable(ttlMinutes).map(Duration::ofMinutes);
    return method().equals(PASSWORDLESS)
        ? signIn.inBrowser(Optional.ofNullable(user), ttl, pair)
        : signIn.withPassword(who(known, ttl), pair);
  }

  private SignIn.Who who(Optional<Profile> known, Optional<Duration> ttl) {
    Console console = tsh.console();
    var named =
        Optional.ofNullable(user)
            .or(() -> console.variable("TELEPORT_USER"))
            .or(() -> known.map(Profile::user));
    var name =
        named
            .or(() -> console.variable("USER"))
            .orElseThrow(() -> new CommandFailure("No user specified, missed --user flag?"));
    return new SignIn.Who(name, named.isPresent(), ttl);
  }

  /// Refuses a certificate for another key than ours, or authorities that cannot be used.
  private static IdentityFile identity(LoginResult result, KeyPair pair) {
    try {
      var identity = new TlsIdentity(pair.getPrivate(), Pem.certificates(result.certificate()));
      var bundle = result.trust().toBundle();
      var hosts = TrustBundle.ofHosts(bundle.clusterName(), bundle.hostAuthorities());
      return new IdentityFile(identity, hosts);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure("the Proxy's answer cannot be used: " + e.getMessage(), e);
    }
  }

  private void show(Profile profile) {
    var store = tsh.profiles();
    try {
      store.makeCurrent(profile);
    } catch (IOException e) {
      throw new CommandFailure("cannot write the profile: " + e.getMessage(), e);
    }
    StatusReport.of(tsh, profile)
        .ifPresent(report ->
            tsh.console().out().println(report.text(true, tsh.console().clock().instant())));
  }
}
