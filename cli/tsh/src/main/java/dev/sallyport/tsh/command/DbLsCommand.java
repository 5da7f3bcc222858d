package dev.sallyport.tsh.command;

import dev.sallyport.console.Document;
import dev.sallyport.console.TextTable;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.DatabaseAccess;
import dev.sallyport.tsh.Tsh;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tsh db ls`: the databases that the user may see.
@Command(name = "ls", description = "List databases.")
public final class DbLsCommand implements Runnable {
  private static final int LABELS_WIDTH = 60;
  private static final String HIDDEN_LABELS = "teleport.internal/";

  private final Tsh tsh;

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
    List<DatabaseAccess> found;
    var source = tsh.login();
    try (var cluster = tsh.clusters().open(source.proxy(), LiveLogin.of(tsh, source))) {
      found = new Databases(cluster.databases()).all();
      source.learn(cluster.trust());
    }
    var out = tsh.console().out();
    switch (chosen) {
      case TEXT -> out.print(table(found));
      case JSON -> out.print(Document.json(trees(found)));
      case YAML -> out.print(Document.yaml(trees(found)));
    }
  }

  private String table(List<DatabaseAccess> found) {
    if (!verbose) {
      var table = new TextTable("Name", "Description", "Allowed Users", "Labels");
      for (var database : found) {
        table.row(
            Databases.name(database),
            Databases.description(database),
            Databases.allowedCell(database),
            labels(database));
      }
      return table.text();
    }
    var table =
        new TextTable("Name", "Description", "Protocol", "Type", "URI", "Allowed Users", "Labels");
    for (var database : found) {
      table.row(
          Databases.name(database),
          Databases.description(database),
          Databases.protocol(database),
          Databases.protocol(database),
          Databases.uri(database),
          Databases.allowedCell(database),
          labels(database));
    }
    return table.text();
  }

  private String labels(DatabaseAccess database) {
    var cell =
        Databases.labels(database).entrySet().stream()
            .filter(label -> verbose || !label.getKey().startsWith(HIDDEN_LABELS))
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(","));
    return verbose || cell.length() <= LABELS_WIDTH
        ? cell
        : cell.substring(0, LABELS_WIDTH - 1) + "…";
  }

  private static List<Map<String, Object>> trees(List<DatabaseAccess> found) {
    var trees = new ArrayList<Map<String, Object>>();
    for (var access : found) {
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
      trees.add(tree);
    }
    return trees;
  }
}
