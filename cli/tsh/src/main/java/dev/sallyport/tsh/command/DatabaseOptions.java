package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.profile.DatabaseLogins;
import dev.sallyport.console.profile.Profile;
import dev.sallyport.control.DatabaseAccess;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.tsh.LoginSource;
import dev.sallyport.tsh.Tsh;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which databases a command is about, beside their names.
final class DatabaseOptions {
  @Option(
      names = {"-n", "--db-name"},
      paramLabel = "NAME",
      description = "Not used by DynamoDB.")
  private @Nullable String dbName;

  @Option(
      names = {"-c", "--cluster"},
      paramLabel = "CLUSTER",
      description = "Cluster of the database.")
  private @Nullable String cluster;

  @Option(
      names = "--labels",
      paramLabel = "KEY=VALUE",
      split = ",",
      description = "Only databases with these labels.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--query",
      paramLabel = "CONDITION",
      description = "Only databases of which it holds, like 'labels[\"env\"] == \"prod\"'.")
  private @Nullable String query;

  /// Which databases to ask the cluster for.
  Optional<String> query() {
    return Optional.ofNullable(query);
  }

  Optional<String> dbName() {
    return Optional.ofNullable(dbName);
  }

  /// Refuses a cluster that is not the login's.
  void checkCluster(IdentityFile login) {
    checkCluster(cluster, login);
  }

  static void checkCluster(@Nullable String cluster, IdentityFile login) {
    if (cluster != null && !cluster.equals(login.trust().clusterName())) {
      throw new CommandFailure("cluster \"" + cluster + "\" not found");
    }
  }

  /// The one that is meant: by name, or the only one there is.
  DatabaseAccess choose(Databases all, Optional<String> name) {
    var candidates = labels.isEmpty() ? all : all.labelled(labels);
    return name.isPresent() ? candidates.named(name.get()) : candidates.only();
  }

  /// The user to connect as: the one asked for, else the one chosen at `tsh db login`, else the
  /// only one that is allowed.
  static String user(Tsh tsh, LoginSource source, DatabaseAccess chosen, Optional<String> wished) {
    if (wished.isPresent()) {
      return asked(tsh, chosen, wished.get());
    }
    var profile = tsh.identityFile().isPresent() ? Optional.<Profile>empty() : tsh.profile();
    return profile
        .filter(found -> found.proxy().equals(source.proxy()))
        .flatMap(found ->
            DatabaseLogins.of(tsh.console())
                .find(found, Databases.name(chosen), tsh.console().clock().instant()))
        .map(login -> login.route().dbUser())
        .orElseGet(() -> Databases.onlyUser(chosen));
  }

  /// The user that was asked for; warns of one that no role allows.
  static String asked(Tsh tsh, DatabaseAccess chosen, String user) {
    Databases.refusal(chosen, user).ifPresent(tsh.console().err()::println);
    return user;
  }
}
