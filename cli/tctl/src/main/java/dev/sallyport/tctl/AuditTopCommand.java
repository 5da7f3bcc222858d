package dev.sallyport.tctl;

import dev.sallyport.console.TextTable;
import dev.sallyport.control.AuditCount;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tctl audit top --by user`.
@Command(name = "top", description = "Counts requests of a window by user, table or operation.")
final class AuditTopCommand implements Callable<Integer> {
  private static final List<String> WAYS = List.of("user", "table", "op");

  private final Tool tool;

  @Mixin AuditWindow window = new AuditWindow();

  @Option(names = "--by", defaultValue = "user", description = "user, table or op")
  String by = "user";

  @Option(names = "--limit", defaultValue = "20", description = "most rows (default: 20)")
  int limit = 20;

  @Option(names = "--format", defaultValue = "text", description = "text or json")
  String format = "text";

  AuditTopCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    boolean json = AuditSearchCommand.json(format);
    if (!WAYS.contains(by)) {
      throw new CommandFailed("--by: \"%s\" (expected: user, table or op)".formatted(by));
    }
    Instant now = tool.invocation().clock().instant();
    Map<String, String> parameters =
        Map.of(
            "by", by,
            "from", window.start(now).toString(),
            "to", window.end(now).toString(),
            "limit", Integer.toString(limit));
    List<AuditCount> counts = tool.withApi(api -> api.audit().top(parameters).counts());
    if (json) {
      tool.out().println(OutputFormat.json((Object) counts));
    } else if (counts.isEmpty()) {
      tool.out().println("No requests found.");
    } else {
      TextTable table = new TextTable(heading(), "Requests", "Denied", "Failed");
      counts.forEach(count ->
          table.row(
              count.name(),
              Long.toString(count.requests()),
              Long.toString(count.denied()),
              Long.toString(count.failed())));
      tool.out().print(table.text());
    }
    return 0;
  }

  private String heading() {
    return switch (by) {
      case "table" -> "Table";
      case "op" -> "Operation";
      default -> "User";
    };
  }
}
