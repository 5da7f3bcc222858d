package dev.sallyport.tctl;

import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Resource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tctl db ls`: one row for each agent and database.
@Command(name = "ls", description = "Lists databases and the agents that serve them.")
final class DbListCommand implements Callable<Integer> {
  private static final int LABELS_SHOWN = 40;

  private final Tool tool;

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
    List<Resource> servers = tool.withApi(api -> api.list(Kind.DB_SERVER, false));
    switch (chosen) {
      case TEXT -> printText(servers);
      case JSON -> tool.out().println(OutputFormat.json(servers));
      case YAML -> tool.out().print(OutputFormat.yaml(servers));
    }
    return 0;
  }

  private void printText(List<Resource> servers) {
    TextTable table = new TextTable("Host", "Name", "Protocol", "URI", "Labels", "Version");
    servers.stream()
        .map(DatabaseServer.class::cast)
        .sorted(
            Comparator.comparing(DatabaseServer::hostname)
                .thenComparing(server -> server.database().name()))
        .forEach(server ->
            table.add(
                server.hostname(),
                server.database().name(),
                server.database().protocol(),
                server.database().uri().orElse(""),
                labels(server),
                server.version()));
    table.print(tool.out());
  }

  private String labels(DatabaseServer server) {
    String all =
        server.database().metadata().labels().entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .sorted()
            .collect(Collectors.joining(","));
    return verbose || all.length() <= LABELS_SHOWN ? all : all.substring(0, LABELS_SHOWN) + "…";
  }
}
