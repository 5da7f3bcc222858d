package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.profile.DatabaseLogins;
import dev.sallyport.console.profile.Profile;
import dev.sallyport.model.Durations;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.ClaimedIdentity;
import dev.sallyport.pki.InvalidIdentity;
import dev.sallyport.tsh.Tsh;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a profile's own certificate says of its login, as people and scripts read it.
///
/// It is shown, never trusted: whether the login still counts is decided elsewhere.
///
/// @param databases that were chosen with `tsh db login`
record StatusReport(
    Profile profile, UserIdentity identity, Instant validUntil, List<String> databases) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss +0000 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final int LABEL_WIDTH = 20;
  private static final String LOGINS = "logins";

  StatusReport {
    databases = List.copyOf(databases);
  }

  /// Empty when the profile has no login any more.
  static Optional<StatusReport> of(Tsh tsh, Profile profile) {
    var certificate = tsh.profiles().certificate(profile);
    if (certificate.isEmpty()) {
      return Optional.empty();
    }
    try {
      var claimed = ClaimedIdentity.of(certificate.get());
      if (claimed.identity() instanceof UserIdentity user) {
        var databases =
            DatabaseLogins.of(tsh.console()).all(profile, tsh.console().clock().instant());
        return Optional.of(
            new StatusReport(
                profile,
                user,
                claimed.notAfter(),
                databases.stream().map(chosen -> chosen.route().database()).toList()));
      }
    } catch (InvalidIdentity e) {
      throw new CommandFailure(
          "the login at " + profile.url() + " cannot be read: " + e.getMessage(), e);
    }
    throw new CommandFailure("the login at " + profile.url() + " is not that of a user");
  }

  boolean expired(Instant now) {
    return !now.isBefore(validUntil);
  }

  String text(boolean active, Instant now) {
    var out = new StringBuilder();
    out.append(active ? "> " : "  ");
    field(out, "Profile URL", profile.url());
    line(out, "Logged in as", identity.user());
    line(out, "Cluster", identity.clusterName());
    line(out, "Roles", String.join(", ", identity.roles()));
    var logins = logins();
    if (!logins.isEmpty()) {
      line(out, "Logins", String.join(", ", logins));
    }
    line(out, "Kubernetes", "disabled");
    if (!databases.isEmpty()) {
      line(out, "Databases", String.join(", ", databases));
    }
    line(out, "Valid until", validity(validUntil, now));
    if (!extensions().isEmpty()) {
      line(out, "Extensions", String.join(", ", extensions()));
    }
    return out.toString();
  }

  /// The fields and their order as scripts know them; empty ones are left out.
  Map<String, Object> tree() {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("profile_url", profile.url());
    tree.put("username", identity.user());
    tree.put("cluster", identity.clusterName());
    putUnlessEmpty(tree, "roles", identity.roles());
    if (!identity.traits().isEmpty()) {
      tree.put("traits", new TreeMap<>(identity.traits()));
    }
    putUnlessEmpty(tree, LOGINS, logins());
    tree.put("kubernetes_enabled", false);
    putUnlessEmpty(tree, "databases", databases);
    tree.put("valid_until", validUntil.truncatedTo(ChronoUnit.SECONDS).toString());
    putUnlessEmpty(tree, "extensions", extensions());
    return tree;
  }

  static String validity(Instant until, Instant now) {
    return TIME.format(until) + " [" + remaining(Duration.between(now, until)) + "]";
  }

  private static String remaining(Duration left) {
    if (left.isNegative() || left.isZero()) {
      return "EXPIRED";
    }
    if (left.compareTo(Duration.ofMinutes(1)) < 0) {
      return "valid for <1m";
    }
    return "valid for " + Durations.format(left.truncatedTo(ChronoUnit.MINUTES));
  }

  private List<String> logins() {
    return identity.traits().getOrDefault(LOGINS, List.of()).stream()
        .filter(login -> !login.isEmpty())
        .toList();
  }

  private List<String> extensions() {
    return identity.loginAddress().isPresent() ? List.of("login-ip") : List.of();
  }

  private static void line(StringBuilder out, String label, String value) {
    out.append("  ");
    field(out, label, value);
  }

  private static void field(StringBuilder out, String label, String value) {
    var padding = " ".repeat(LABEL_WIDTH - label.length() - 1);
    out.append(label).append(':').append(padding).append(value).append('\n');
  }

  private static void putUnlessEmpty(Map<String, Object> tree, String key, List<String> values) {
    if (!values.isEmpty()) {
      tree.put(key, values);
    }
  }
}
