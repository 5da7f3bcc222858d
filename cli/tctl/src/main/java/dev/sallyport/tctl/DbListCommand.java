package dev.sallyport.tctl;

import dev.sallyport.console.TextTable;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Resource;
import dev.sallyport.policy.DatabaseFilter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl db ls`: one row for each agent and database. Labels are those that are written down and
/// those that commands on the agent's host gave.
@Command(name = "ls", description = "Lists databases and the agents that serve them.")
final class DbListCommand implements Callable<Integer> {
  private static final int LABELS_SHOWN = 40;
  private static final int LABELS_COLUMN = 4;

  private final Tool tool;

  @Parameters(arity = "0..1", paramLabel = "LABELS", description = "only those: k=v,k2=v2")
  String labels = "";

  @Option(
      names = "--search",
      split = ",",
      description = "only those in whose name, labels or description each of the words stands")
  List<String> words = List.of();

  @Option(
      names = "--query",
      description = "only those of which it holds, like 'labels[\"env\"] == \"prod\"'")
  @Nullable String query;

  @Option(names = "--format", defaultValue = "text", description = "text, json or yaml")
  String format = "text";

  @Option(
      names = {"-v", "--verbose"},
      description = "whole labels")
  boolean verbose;

  DbListCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    OutputFormat chosen = OutputFormat.parse(format);
    DatabaseFilter filter = filter();
    List<Resource> servers =
        tool.withApi(api -> api.list(Kind.DB_SERVER, false)).stream()
            .map(DatabaseServer.class::cast)
            .filter(server -> filter.test(server.database(), server.healthStatus().word()))
            .sorted(
                Comparator.comparing(DatabaseServer::hostname)
                    .thenComparing(server -> server.database().name()))
            .<Resource>map(server -> server)
            .toList();
    switch (chosen) {
      case TEXT -> printText(servers);
      case JSON -> tool.out().println(OutputFormat.json(servers));
      case YAML -> tool.out().print(OutputFormat.yaml(servers));
    }
    return 0;
  }

  private DatabaseFilter filter() {
    try {
      return DatabaseFilter.of(
          LabelOption.parse("labels", labels), words, Optional.ofNullable(query));
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private void printText(List<Resource> servers) {
    TextTable table = new TextTable("Host", "Name", "Protocol", "URI", "Labels", "Version");
    servers.stream()
        .map(server -> row((DatabaseServer) server))
        .forEach(cells -> {
          String all = cells[LABELS_COLUMN];
          if (!verbose && all.length() > LABELS_SHOWN) {
            cells[LABELS_COLUMN] = all.substring(0, LABELS_SHOWN) + "…";
          }
          table.row(cells);
        });
    tool.out().print(table.text());
  }

  static String[] row(DatabaseServer server) {
    return new String[] {
      server.hostname(),
      server.database().name(),
      server.database().protocol(),
      server.database().uri().orElse(""),
      ResourceTables.labels(server.database().labels().values()),
      server.version()
    };
  }
}
