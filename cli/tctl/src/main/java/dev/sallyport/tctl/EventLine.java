package dev.sallyport.tctl;

import dev.sallyport.console.Printable;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// An event in one line: when, how it ended, who, what, on what. Control characters of what
/// somebody else made up are shown as `?`, so that an event can't rewrite the terminal.
final class EventLine {
  private EventLine() {}

  static String of(JsonNode event) {
    List<String> parts = new ArrayList<>();
    parts.add(text(event, "time"));
    parts.add("%-7s".formatted(status(event)));
    parts.add(text(event, "user"));
    String operation = operation(event);
    parts.add(operation.isEmpty() ? text(event, "event") : operation);
    String what = what(event);
    if (!what.isEmpty()) {
      parts.add(what);
    }
    return Printable.line(String.join("  ", parts));
  }

  /// A request of a session: what a list that names user and database above leaves to say.
  static String ofRequest(JsonNode event) {
    String operation = operation(event);
    String name = operation.isEmpty() ? text(event, "event") : operation;
    return Printable.line(
        "%s  %-7s  %-22s %s"
            .formatted(text(event, "time"), status(event), name, what(event))
            .stripTrailing());
  }

  static String status(JsonNode event) {
    return switch (text(event, "outcome")) {
      case "answered" -> Integer.toString(event.path("status_code").asInt(0));
      case "refused" -> "denied";
      case "not_sent" -> "failed";
      case "intended", "unknown" -> "unknown";
      default -> byCode(event);
    };
  }

  private static String byCode(JsonNode event) {
    String code = text(event, "code");
    if (code.endsWith("W")) {
      return "denied";
    }
    return code.endsWith("E") ? "failed" : "ok";
  }

  private static String operation(JsonNode event) {
    String target = text(event, "target");
    return target.substring(target.lastIndexOf('.') + 1);
  }

  private static String what(JsonNode event) {
    List<String> parts = new ArrayList<>();
    List<String> tables = new ArrayList<>();
    event.path("tables").forEach(table -> tables.add(table.asString("")));
    if (!tables.isEmpty()) {
      parts.add(String.join(",", tables));
    }
    for (String field : List.of("name", "db_service", "kind", "cert_type", "node_name", "chain")) {
      String value = text(event, field);
      if (!value.isEmpty()) {
        parts.add(field.equals("db_service") ? "on " + value : value);
      }
    }
    String error = text(event, "error");
    String reason = text(event, "reason");
    if (!error.isEmpty() || !reason.isEmpty()) {
      parts.add("(" + (error.isEmpty() ? reason : error) + ")");
    }
    return String.join(" ", parts);
  }

  static String text(JsonNode event, String field) {
    JsonNode value = event.path(field);
    return value.isString() ? value.stringValue() : "";
  }
}
