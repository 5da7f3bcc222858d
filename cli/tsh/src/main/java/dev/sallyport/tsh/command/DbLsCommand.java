package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.Document;
import dev.sallyport.console.Printable;
import dev.sallyport.console.profile.DatabaseLogins;
import dev.sallyport.console.profile.Profile;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.DatabaseAccess;
import dev.sallyport.tsh.LoginSource;
import dev.sallyport.tsh.Tsh;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tsh db ls`: the databases that the user may see, here or wherever they are signed in.
@Command(name = "ls", description = "List databases.")
public final class DbLsCommand implements Runnable {
  /// From so many on, people are told how to find one.
  private static final int MANY = 20;

  private final Tsh tsh;

  @Parameters(
      arity = "0..1",
      paramLabel = "KEY=VALUE",
      split = ",",
      description = "Only databases with these labels.")
  private List<String> labels = List.of();

  @Option(
      names = "--search",
      paramLabel = "WORDS",
      split = ",",
      description = "Only those in whose name, description or labels each of the words stands.")
  private List<String> words = List.of();

  @Option(
      names = "--query",
      paramLabel = "CONDITION",
      description = "Only those of which it holds, like 'labels[\"env\"] == \"prod\"'.")
  private @Nullable String query;

  @Option(
      names = {"-c", "--cluster"},
      paramLabel = "CLUSTER",
      description = "Cluster of the databases.")
  private @Nullable String cluster;

  @Option(
      names = {"-R", "--all"},
      description = "Of every cluster that you are signed in to.")
  private boolean all;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show more columns, and labels in full.")
  private boolean verbose;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "text|json|yaml",
      description = "How to print them.")
  private String format = "text";

  /// A part of tsh.
  public DbLsCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    var chosen = Format.parse(format);
    if (all && (tsh.identityFile().isPresent() || cluster != null)) {
      throw new CommandFailure(
          "--all is for every login of this machine: leave out "
              + (cluster == null ? "--identity" : "--cluster"));
    }
    var found = all ? everywhere() : here();
    switch (chosen) {
      case TEXT -> print(found);
      case JSON -> tsh.console().out().print(Document.json(trees(found)));
      case YAML -> tsh.console().out().print(Document.yaml(trees(found)));
    }
  }

  private Map<String, String> wanted() {
    var wanted = new LinkedHashMap<String, String>();
    for (var label : labels) {
      int equals = label.indexOf('=');
      if (equals <= 0) {
        throw new CommandFailure(
            "\"%s\" is no label (expected: key=value, several with commas; --search finds words)"
                .formatted(label));
      }
      wanted.put(label.substring(0, equals).strip(), label.substring(equals + 1).strip());
    }
    return wanted;
  }

  private void print(List<ListedDatabase> found) {
    tsh.console().out().print(new DatabaseTable(found, verbose, all).text());
    if (found.size() >= MANY && labels.isEmpty() && words.isEmpty() && query == null) {
      tsh.console()
          .err()
          .println(
              "\n"
                  + "hint: use 'tsh db ls --search=WORD' or 'tsh db ls KEY=VALUE' to see fewer of"
                  + " them");
    }
  }

  private List<ListedDatabase> here() {
    var profile = tsh.identityFile().isPresent() ? Optional.<Profile>empty() : tsh.profile();
    return of(tsh.login(), profile);
  }

  /// What can't be asked is told, and keeps nobody from seeing the rest.
  private List<ListedDatabase> everywhere() {
    var found = new ArrayList<ListedDatabase>();
    var profiles = tsh.profiles().all();
    if (profiles.isEmpty()) {
      throw new CommandFailure("Not logged in.");
    }
    var failures = new ArrayList<String>();
    for (var profile : profiles) {
      try {
        found.addAll(of(tsh.login(profile), Optional.of(profile)));
      } catch (CommandFailure e) {
        failures.add(profile.proxy().host() + ": " + e.getMessage());
      } catch (ControlException e) {
        failures.add(profile.proxy().host() + ": " + e.reason());
      }
    }
    if (failures.size() == profiles.size()) {
      throw new CommandFailure(String.join("\n", failures));
    }
    failures.forEach(failure -> tsh.console().err().println("WARNING: " + Printable.text(failure)));
    return found;
  }

  private List<ListedDatabase> of(LoginSource source, Optional<Profile> profile) {
    var login = LiveLogin.of(tsh, source);
    DatabaseOptions.checkCluster(cluster, login);
    Databases databases;
    try (var control = tsh.clusters().open(source.proxy(), login)) {
      databases =
          new Databases(control.databases(Optional.ofNullable(query)))
              .labelled(wanted())
              .holding(words);
      source.learn(control.trust());
    }
    var now = tsh.console().clock().instant();
    var users = new LinkedHashMap<String, String>();
    profile.ifPresent(known ->
        DatabaseLogins.of(tsh.console())
            .all(known, now)
            .forEach(choice -> users.put(choice.route().database(), choice.route().dbUser())));
    return databases.all().stream()
        .map(access ->
            new ListedDatabase(
                source.proxy().host(),
                login.trust().clusterName(),
                access,
                Optional.ofNullable(users.get(Databases.name(access)))))
        .toList();
  }

  private List<Map<String, Object>> trees(List<ListedDatabase> found) {
    var trees = new ArrayList<Map<String, Object>>();
    for (var listed : found) {
      if (all) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("proxy", listed.proxy());
        tree.put("cluster", listed.cluster());
        tree.put("database", tree(listed.access()));
        trees.add(tree);
      } else {
        trees.add(tree(listed.access()));
      }
    }
    return trees;
  }

  /// The resource as it is, with the users that are allowed beside it.
  private static Map<String, Object> tree(DatabaseAccess access) {
    var tree = new LinkedHashMap<String, Object>();
    access
        .database()
        .properties()
        .forEach(field ->
            tree.put(
                field.getKey(), ControlJson.MAPPER.convertValue(field.getValue(), Object.class)));
    var users = new LinkedHashMap<String, Object>();
    users.put("allowed", Databases.allowed(access));
    users.put("denied", access.wildcard() ? access.deniedUsers() : List.of());
    tree.put("users", users);
    return tree;
  }
}
