package dev.sallyport.tsh.command;

import dev.sallyport.console.Document;
import dev.sallyport.console.TextTable;
import dev.sallyport.tsh.Tsh;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tsh proxy ls`: the tunnels in the background.
@Command(name = "ls", description = "List the tunnels in the background.")
public final class ProxyLsCommand implements Runnable {
  private final Tsh tsh;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "text|json|yaml",
      description = "How to print them.")
  private String format = "text";

  /// A part of tsh.
  public ProxyLsCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    var chosen = Format.parse(format);
    var found = BackgroundTunnels.find(tsh);
    var out = tsh.console().out();
    switch (chosen) {
      case TEXT -> out.print(table(found));
      case JSON -> out.print(Document.json(trees(found)));
      case YAML -> out.print(Document.yaml(trees(found)));
    }
    for (var silent : found.silent()) {
      tsh.console()
          .err()
          .println(
              "The tunnel "
                  + silent.id()
                  + " does not answer: its process is stopped or overloaded.");
    }
  }

  private String table(BackgroundTunnels found) {
    var table =
        new TextTable("ID", "Database", "Database User", "Cluster", "Address", "Valid Until");
    var now = tsh.console().clock().instant();
    for (var living : found.living()) {
      for (var tunnel : living.status().tunnels()) {
        table.row(
            living.tunnel().id(),
            tunnel.database(),
            tunnel.dbUser(),
            tunnel.cluster(),
            tunnel.listening(),
            StatusReport.validity(tunnel.validUntil(), now));
      }
    }
    return table.text();
  }

  private static List<Map<String, Object>> trees(BackgroundTunnels found) {
    var trees = new ArrayList<Map<String, Object>>();
    for (var living : found.living()) {
      for (var tunnel : living.status().tunnels()) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("id", living.tunnel().id());
        tree.put("pid", living.status().pid());
        tree.put("started", living.status().started().toString());
        tree.putAll(tunnel.tree(false));
        trees.add(tree);
      }
    }
    return trees;
  }
}
