package dev.sallyport.tsh;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.Console;
import dev.sallyport.console.ProxyAddress;
import dev.sallyport.console.profile.Profile;
import dev.sallyport.console.profile.ProfileStore;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.tsh.cluster.Clusters;
import dev.sallyport.tsh.command.MfaMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The root of tsh's commands: the flags that stand anywhere, and who the user is.
@Command(
    name = "tsh",
    description = "Sign in to a cluster and use its databases.",
    mixinStandardHelpOptions = false,
    synopsisSubcommandLabel = "COMMAND")
public final class Tsh {
  private final Console console;
  private final Clusters clusters;
  private final Foreground foreground;

  @Option(
      names = "--proxy",
      scope = ScopeType.INHERIT,
      paramLabel = "HOST[:PORT]",
      description = "Address of the Proxy. Environment: TELEPORT_PROXY.")
  private @Nullable String proxy;

  @Option(
      names = {"-i", "--identity"},
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "Identity file to use instead of a profile.")
  private @Nullable Path identity;

  @Option(
      names = "--insecure",
      scope = ScopeType.INHERIT,
      description = "Do not verify the Proxy's certificate.")
  private boolean insecure;

  @Option(
      names = "--mfa-mode",
      scope = ScopeType.INHERIT,
      paramLabel = "MODE",
      description =
          "Second factor to use: auto, otp, platform or cross-platform. Environment:"
              + " TELEPORT_MFA_MODE.")
  private @Nullable String mfaMode;

  @Option(
      names = "--browser",
      scope = ScopeType.INHERIT,
      paramLabel = "none",
      description =
          "\"none\" shows the address of a page instead of opening it. Environment:"
              + " TELEPORT_LOGIN_BROWSER.")
  private @Nullable String browser;

  @Option(
      names = "--skip-version-check",
      scope = ScopeType.INHERIT,
      description = "Do not warn when this version and the Proxy's do not fit.")
  private boolean skipVersionCheck;

  @Option(
      names = {"-d", "--debug"},
      scope = ScopeType.INHERIT,
      description = "Show where errors come from.")
  private boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  /// @param foreground what keeps a tunnel open
  public Tsh(Console console, Clusters clusters, Foreground foreground) {
    this.console = console;
    this.clusters = clusters;
    this.foreground = foreground;
  }

  /// The process around the command.
  public Console console() {
    return console;
  }

  /// The ways to a cluster.
  public Clusters clusters() {
    return clusters;
  }

  /// What keeps a tunnel open.
  public Foreground foreground() {
    return foreground;
  }

  /// Whether the Proxy's certificate is not to be verified.
  public boolean insecure() {
    return insecure;
  }

  /// By which second factor the user wishes to prove who they are.
  public MfaMode mfaMode() {
    return MfaMode.parse(
        Optional.ofNullable(mfaMode).or(() -> console.variable("TELEPORT_MFA_MODE")));
  }

  /// Whether pages are to be opened in a browser.
  public boolean opensBrowser() {
    return Optional.ofNullable(browser)
        .or(() -> console.variable("TELEPORT_LOGIN_BROWSER"))
        .filter("none"::equals)
        .isEmpty();
  }

  /// Whether versions that do not fit are to be passed over.
  public boolean skipsVersionCheck() {
    return skipVersionCheck;
  }

  /// Whether stack traces are wanted.
  public boolean debug() {
    return debug;
  }

  /// The profiles of this home.
  public ProfileStore profiles() {
    return ProfileStore.of(console);
  }

  /// Says which profiles of this home are another program's, and so none of ours.
  public void tellForeignProfiles() {
    for (var file : profiles().foreign()) {
      console.err().println("NOTE: " + file + " was written by another program and is left alone.");
    }
  }

  /// The Proxy that was named on the command line or in the environment.
  public Optional<String> proxyFlag() {
    return Optional.ofNullable(proxy).or(() -> console.variable("TELEPORT_PROXY"));
  }

  /// The Proxy that was named on the command line.
  public Optional<String> proxyOption() {
    return Optional.ofNullable(proxy);
  }

  /// The identity file that was named.
  public Optional<Path> identityFile() {
    return Optional.ofNullable(identity);
  }

  /// The profile that commands act with: that of the named Proxy, else the active one.
  public Optional<Profile> profile() {
    return proxyFlag().isPresent()
        ? profiles().find(ProxyAddress.hostOf(proxyFlag().get()))
        : profiles().current();
  }

  /// Who the user is, freshly read, as an identity file or profile has it now.
  public LoginSource login() {
    if (identity != null) {
      var file = identity;
      var address =
          ProxyAddress.find(
              proxyFlag()
                  .orElseThrow(() ->
                      new CommandFailure("No proxy address specified, missed --proxy flag?")));
      return new LoginSource(
          address,
          () -> readIdentity(file),
          "make a new identity file with tctl auth sign: " + file + " has ended",
          // The file may be read-only and in use elsewhere: whoever made it replaces it.
          learned -> {});
    }
    return login(profile().orElseThrow(() -> new CommandFailure("Not logged in.")));
  }

  /// Who the user is, freshly read, as that profile has it now.
  public LoginSource login(Profile profile) {
    var store = profiles();
    return new LoginSource(
        profile.proxy(),
        () ->
            store
                .find(profile.proxy().host())
                .flatMap(store::identity)
                .orElseThrow(
                    () -> new CommandFailure("not logged in, please run: " + command(profile))),
        "please run: " + command(profile),
        learned -> keep(profile, learned));
  }

  private void keep(Profile profile, TrustBundle learned) {
    try {
      profiles().saveTrust(profile, learned);
    } catch (IOException e) {
      console
          .err()
          .println(
              "WARNING: the cluster's new authorities could not be kept, which will ask for another"
                  + " tsh login: "
                  + e.getMessage());
    }
  }

  private static String command(Profile profile) {
    return "tsh login --proxy=" + profile.proxy().authority() + " --user=" + profile.user();
  }

  private static IdentityFile readIdentity(Path file) {
    try {
      return IdentityFile.read(file);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure("cannot use identity file " + file + ": " + e.getMessage(), e);
    }
  }
}
