package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.tsh.Tsh;
import dev.sallyport.tsh.localproxy.Admission;
import dev.sallyport.tsh.localproxy.LocalKey;
import dev.sallyport.tsh.localproxy.SignatureGate;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/// Who may use a tunnel's port.
final class DoorOptions {
  @Option(
      names = "--strict",
      description = "Make a random key pair and take only requests that are signed with it.")
  private boolean strict;

  @Option(
      names = "--allow-host",
      paramLabel = "NAME[:PORT]",
      description = "Also take requests under this host name; may be given several times.")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = "--allow-origin",
      paramLabel = "ORIGIN",
      description = "Also take requests of web pages of exactly this origin.")
  private List<String> origins = new ArrayList<>();

  /// A new key, in strict mode.
  Optional<LocalKey> key() {
    return strict ? Optional.of(LocalKey.create(new SecureRandom())) : Optional.empty();
  }

  boolean strict() {
    return strict;
  }

  /// Refuses names that can't be let in.
  void check() {
    checked("--allow-host", hosts, Admission::host);
    checked("--allow-origin", origins, Admission::origin);
  }

  Admission admission(Tsh tsh, boolean anywhere, Optional<LocalKey> key) {
    return new Admission(
        checked("--allow-host", hosts, Admission::host),
        checked("--allow-origin", origins, Admission::origin),
        anywhere,
        key.map(local -> new SignatureGate(local, tsh.console().clock())));
  }

  private static Set<String> checked(
      String option, List<String> values, UnaryOperator<String> check) {
    try {
      return values.stream().map(check).collect(Collectors.toUnmodifiableSet());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(option + ": " + e.getMessage(), e);
    }
  }
}
