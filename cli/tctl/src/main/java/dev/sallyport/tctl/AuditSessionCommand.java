package dev.sallyport.tctl;

import dev.sallyport.console.Printable;
import dev.sallyport.control.AuditPage;
import dev.sallyport.control.ControlJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `tctl audit session ID`: what was done in a session, request by request.
@Command(name = "session", description = "Shows a database session as a list of its requests.")
final class AuditSessionCommand implements Callable<Integer> {
  private static final int EVENTS_MAX = 100_000;
  private static final String PAGE = "1000";

  private final Tool tool;

  @Parameters(paramLabel = "ID", description = "the session, as tctl audit sessions shows it")
  String session = "";

  @Option(names = "--format", defaultValue = "text", description = "text or json (one a line)")
  String format = "text";

  AuditSessionCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    boolean json = AuditSearchCommand.json(format);
    List<JsonNode> events = events();
    if (events.isEmpty()) {
      throw new CommandFailed(
          "session \"%s\" is not found (tctl audit sessions --from=30d lists those that are)"
              .formatted(Printable.line(session)));
    }
    if (json) {
      events.forEach(event -> tool.out().println(ControlJson.MAPPER.writeValueAsString(event)));
      return 0;
    }
    JsonNode any = events.getFirst();
    line("Session", session);
    line("User", EventLine.text(any, "user"));
    // Its certificate was issued before anything was known of it but the id.
    events.stream()
        .filter(event -> event.has("db_service"))
        .findFirst()
        .ifPresent(event ->
            line(
                "Database",
                EventLine.text(event, "db_service") + " as " + EventLine.text(event, "db_user")));
    line("First", EventLine.text(events.getFirst(), "time"));
    line("Last", EventLine.text(events.getLast(), "time"));
    tool.out().println();
    events.forEach(event -> tool.out().println(EventLine.ofRequest(event)));
    if (events.size() == EVENTS_MAX) {
      tool.out().println("(the newest %d)".formatted(EVENTS_MAX));
    }
    return 0;
  }

  private List<JsonNode> events() {
    Instant now = tool.invocation().clock().instant();
    Map<String, String> parameters = new HashMap<>();
    parameters.put("session", session);
    parameters.put("from", Instant.EPOCH.toString());
    parameters.put("to", now.plus(Duration.ofDays(1)).toString());
    parameters.put("limit", PAGE);
    return tool.withApi(api -> {
      List<JsonNode> events = new ArrayList<>();
      String next = "";
      do {
        parameters.put("before", next);
        AuditPage page = api.audit().search(parameters);
        events.addAll(page.events());
        next = page.next().orElse("");
      } while (!next.isEmpty() && events.size() < EVENTS_MAX);
      return events.reversed();
    });
  }

  private void line(String name, String value) {
    tool.out().println(Printable.line("%-9s %s".formatted(name, value)));
  }
}
