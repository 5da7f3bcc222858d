package dev.sallyport.tctl;

import dev.sallyport.control.AuditLog;
import dev.sallyport.control.AuditPage;
import dev.sallyport.control.AuditTail;
import dev.sallyport.control.ControlJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `tctl audit search`: events of a window, oldest first, the newest `--limit` of them.
@Command(name = "search", description = "Finds events, by default of the last 24 hours.")
final class AuditSearchCommand implements Callable<Integer> {
  private static final int PAGE = 500;
  private static final int LIMIT_MAX = 100_000;

  private final Tool tool;

  @Mixin AuditFilter filter = new AuditFilter();
  @Mixin AuditWindow window = new AuditWindow();

  @Option(names = "--limit", defaultValue = "100", description = "most events (default: 100)")
  int limit = 100;

  @Option(names = "--format", defaultValue = "text", description = "text or json (one a line)")
  String format = "text";

  @Option(names = "--follow", description = "go on with what happens from now on")
  boolean follow;

  AuditSearchCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    boolean json = json(format);
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new CommandFailed("--limit: %d (expected: 1 to %d)".formatted(limit, LIMIT_MAX));
    }
    Map<String, String> parameters = filter.parameters();
    Instant now = tool.invocation().clock().instant();
    Instant start = window.start(now);
    Instant end = window.end(now);
    return tool.withApi(api -> {
      AuditLog log = api.audit();
      long position = follow ? log.tail(parameters).position() : 0;
      List<JsonNode> found = search(log, parameters, start, end);
      found.reversed().forEach(event -> print(event, json));
      if (found.isEmpty() && !follow && !json) {
        tool.out().println("No events found between %s and %s.".formatted(start, end));
      } else if (found.size() == limit && !follow) {
        tool.invocation()
            .err()
            .println("(the newest %d; there may be more, see --limit)".formatted(limit));
      }
      if (follow) {
        follow(log, parameters, position, json);
      }
      return 0;
    });
  }

  /// `json` or `text`.
  static boolean json(String format) {
    return switch (format) {
      case "json" -> true;
      case "text" -> false;
      default ->
          throw new CommandFailed(
              "unsupported format \"%s\" (expected: text or json)".formatted(format));
    };
  }

  private List<JsonNode> search(
      AuditLog log, Map<String, String> filter, Instant start, Instant end) {
    List<JsonNode> found = new ArrayList<>();
    Map<String, String> parameters = new HashMap<>(filter);
    parameters.put("from", start.toString());
    parameters.put("to", end.toString());
    String next = "";
    do {
      parameters.put("before", next);
      parameters.put("limit", Integer.toString(Math.min(PAGE, limit - found.size())));
      AuditPage page = log.search(parameters);
      found.addAll(page.events());
      next = page.next().orElse("");
    } while (!next.isEmpty() && found.size() < limit);
    return found;
  }

  /// Until the tool is ended, or nobody reads any more.
  private void follow(AuditLog log, Map<String, String> filter, long start, boolean json) {
    Map<String, String> parameters = new HashMap<>(filter);
    long position = start;
    while (!tool.out().checkError()) {
      parameters.put("after", Long.toString(position));
      AuditTail tail = log.tail(parameters);
      tail.events().forEach(event -> print(event, json));
      position = tail.position();
    }
  }

  private void print(JsonNode event, boolean json) {
    tool.out().println(json ? ControlJson.MAPPER.writeValueAsString(event) : EventLine.of(event));
  }
}
