package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.control.DatabaseAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The databases that a user sees, and as whom each may be used.
final class Databases {
  private final List<DatabaseAccess> all;

  Databases(List<DatabaseAccess> all) {
    this.all = all.stream().sorted(Comparator.comparing(Databases::name)).toList();
  }

  List<DatabaseAccess> all() {
    return all;
  }

  /// Those that have all of these labels.
  Databases labelled(Map<String, String> wanted) {
    return new Databases(
        all.stream()
            .filter(database -> labels(database).entrySet().containsAll(wanted.entrySet()))
            .toList());
  }

  /// Those in whose name, description, protocol or labels each of these words stands, in any case.
  Databases holding(List<String> words) {
    var wanted =
        words.stream()
            .flatMap(text -> Arrays.stream(text.toLowerCase(Locale.ROOT).split("[\\s,]+")))
            .toList();
    return new Databases(
        all.stream()
            .filter(database -> wanted.stream().allMatch(everything(database)::contains))
            .toList());
  }

  private static String everything(DatabaseAccess access) {
    var text = new StringBuilder();
    text.append(name(access)).append('\n').append(description(access)).append('\n');
    text.append(protocol(access)).append('\n');
    labels(access)
        .forEach((key, value) -> text.append(key).append('\n').append(value).append('\n'));
    return text.toString().toLowerCase(Locale.ROOT);
  }

  /// By its exact name, else by a beginning that only one has.
  DatabaseAccess named(String name) {
    var starting = new ArrayList<DatabaseAccess>();
    for (var database : all) {
      if (name(database).equals(name)) {
        return database;
      }
      if (name(database).startsWith(name)) {
        starting.add(database);
      }
    }
    if (starting.isEmpty()) {
      throw new CommandFailure(
          "database \"" + name + "\" not found, use 'tsh db ls' to see registered databases");
    }
    if (starting.size() > 1) {
      throw new CommandFailure(
          "database name \""
              + name
              + "\" is ambiguous, use the full name of one of: "
              + starting.stream().map(Databases::name).collect(Collectors.joining(", ")));
    }
    return starting.getFirst();
  }

  /// The only one, when no name is given.
  DatabaseAccess only() {
    return switch (all.size()) {
      case 0 ->
          throw new CommandFailure(
              "no database is available, use 'tsh db ls' to see registered databases");
      case 1 -> all.getFirst();
      default ->
          throw new CommandFailure(
              "multiple databases are available ("
                  + all.stream().map(Databases::name).collect(Collectors.joining(", "))
                  + "), please specify one by name, --labels, or --query");
    };
  }

  static String name(DatabaseAccess access) {
    return text(access.database().path("metadata").path("name"));
  }

  static String description(DatabaseAccess access) {
    return text(access.database().path("metadata").path("description"));
  }

  static String protocol(DatabaseAccess access) {
    return text(access.database().path("spec").path("protocol"));
  }

  static String uri(DatabaseAccess access) {
    return text(access.database().path("spec").path("uri"));
  }

  /// What its agents say of it: `healthy`, `unhealthy`, `mixed` or `unknown`.
  static String health(DatabaseAccess access) {
    var word = text(access.database().path("status").path("target_health").path("status"));
    return word.isEmpty() ? "unknown" : word;
  }

  static String region(DatabaseAccess access) {
    return text(access.database().path("spec").path("aws").path("region"));
  }

  /// Those that are written down, and those that commands gave.
  static Map<String, String> labels(DatabaseAccess access) {
    var labels = new LinkedHashMap<String, String>();
    access
        .database()
        .path("metadata")
        .path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), text(label.getValue())));
    access
        .database()
        .path("spec")
        .path("dynamic_labels")
        .properties()
        .forEach(label -> {
          var value = label.getValue().path("result");
          if (value.isString()) {
            labels.putIfAbsent(label.getKey(), value.stringValue());
          }
        });
    return labels;
  }

  /// The allowed users as a cell of the table: `[a b]`, `[*], except: [root]`, `(none)`.
  static String allowedCell(DatabaseAccess access) {
    var allowed = allowed(access);
    if (allowed.isEmpty()) {
      return "(none)";
    }
    var cell = "[" + String.join(" ", allowed) + "]";
    return access.wildcard() && !access.deniedUsers().isEmpty()
        ? cell + ", except: [" + String.join(" ", access.deniedUsers()) + "]"
        : cell;
  }

  /// Begins with `*` when any user is allowed.
  static List<String> allowed(DatabaseAccess access) {
    var allowed = new ArrayList<String>();
    if (access.wildcard()) {
      allowed.add("*");
    }
    access.allowedUsers().stream().filter(user -> !user.equals("*")).forEach(allowed::add);
    return allowed;
  }

  /// The user to connect as where none is asked for: the only one that is allowed.
  static String onlyUser(DatabaseAccess access) {
    var allowed = allowed(access);
    if (allowed.isEmpty()) {
      throw new CommandFailure(
          "you are not allowed access to any database user for "
              + name(access)
              + ", ask a cluster administrator to ensure your Teleport user has appropriate"
              + " db_users set");
    }
    if (allowed.size() > 1 || access.wildcard()) {
      var except =
          access.wildcard() && !access.deniedUsers().isEmpty()
              ? " except [" + String.join(" ", access.deniedUsers()) + "]"
              : "";
      throw new CommandFailure(
          "please provide the database user using the --db-user flag, allowed database users for "
              + name(access)
              + ": ["
              + String.join(" ", allowed)
              + "]"
              + except);
    }
    return allowed.getFirst();
  }

  /// What to warn of when nobody's role allows this user. The agent decides, so it is no failure:
  /// roles may change while a tunnel is open.
  static Optional<String> refusal(DatabaseAccess access, String user) {
    var role = role(user);
    var named = access.wildcard() ? access.deniedUsers() : access.allowedUsers();
    var listed = named.stream().map(Databases::role).anyMatch(role::equals);
    return listed == access.wildcard()
        ? Optional.of(
            "WARNING: no role of yours allows database user \"%s\" in \"%s\" (allowed: %s);"
                    .formatted(user, name(access), allowedCell(access))
                + " requests will be refused.")
        : Optional.empty();
  }

  /// A name, `role/` before it and an ARN are three ways to say one role.
  private static String role(String user) {
    var at = user.indexOf("role/");
    return at < 0 ? user : user.substring(at + "role/".length());
  }

  private static String text(JsonNode node) {
    return node.isString() ? node.stringValue() : "";
  }
}
