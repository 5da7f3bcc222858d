package dev.sallyport.tctl;

import dev.sallyport.console.TextTable;
import dev.sallyport.control.AuditSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tctl audit sessions`.
@Command(name = "sessions", description = "Lists database sessions of a window.")
final class AuditSessionsCommand implements Callable<Integer> {
  private static final int LIMIT_MAX = 1000;

  private final Tool tool;

  @Mixin AuditWindow window = new AuditWindow();

  @Option(names = "--user", paramLabel = "NAME", description = "of whom")
  String user = "";

  @Option(names = "--db", paramLabel = "NAME", description = "on which database")
  String db = "";

  @Option(names = "--limit", defaultValue = "100", description = "most sessions (default: 100)")
  int limit = 100;

  @Option(names = "--format", defaultValue = "text", description = "text or json")
  String format = "text";

  AuditSessionsCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    boolean json = AuditSearchCommand.json(format);
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new CommandFailed("--limit: %d (expected: 1 to %d)".formatted(limit, LIMIT_MAX));
    }
    Instant now = tool.invocation().clock().instant();
    Map<String, String> parameters =
        Map.of(
            "user", user,
            "db", db,
            "from", window.start(now).toString(),
            "to", window.end(now).toString(),
            "limit", Integer.toString(limit));
    List<AuditSession> sessions = tool.withApi(api -> api.audit().sessions(parameters).sessions());
    if (json) {
      tool.out().println(OutputFormat.json((Object) sessions));
    } else if (sessions.isEmpty()) {
      tool.out().println("No sessions found.");
    } else {
      TextTable table =
          new TextTable("Session", "User", "Database", "First", "Last", "Requests", "Denied");
      sessions.forEach(session ->
          table.row(
              session.session(),
              session.user(),
              session.database(),
              session.first().toString(),
              session.last().toString(),
              Long.toString(session.requests()),
              Long.toString(session.denied())));
      tool.out().print(table.text());
    }
    return 0;
  }
}
