package dev.sallyport.tctl;

import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Resource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl db ls`: one row for each agent and database.
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
    var wanted = LabelOption.parse("labels", labels).entrySet();
    List<Resource> servers =
        tool.withApi(api -> api.list(Kind.DB_SERVER, false)).stream()
            .map(DatabaseServer.class::cast)
            .filter(server -> server.database().metadata().labels().entrySet().containsAll(wanted))
            .filter(this::hasWords)
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

  private boolean hasWords(DatabaseServer server) {
    var metadata = server.database().metadata();
    String text =
        Stream.concat(
                Stream.of(
                    metadata.name(),
                    metadata.description().orElse(""),
                    server.database().protocol()),
                metadata.labels().entrySet().stream()
                    .flatMap(label -> Stream.of(label.getKey(), label.getValue())))
            .collect(Collectors.joining("\n"))
            .toLowerCase(Locale.ROOT);
    return words.stream()
        .flatMap(word -> Stream.of(word.split("\\s+")))
        .allMatch(word -> text.contains(word.toLowerCase(Locale.ROOT)));
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
          table.add(cells);
        });
    table.print(tool.out());
  }

  static String[] row(DatabaseServer server) {
    return new String[] {
      server.hostname(),
      server.database().name(),
      server.database().protocol(),
      server.database().uri().orElse(""),
      ResourceTables.labels(server.database().metadata().labels()),
      server.version()
    };
  }
}
