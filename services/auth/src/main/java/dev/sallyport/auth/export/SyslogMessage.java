package dev.sallyport.auth.export;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.InvalidAuditEvent;
import dev.sallyport.audit.store.Stored;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Records as messages of RFC 5424: the record itself is the text, its kind the message id. The
/// severity is a warning for what was refused and went wrong, and informational for all else.
final class SyslogMessage {
  private static final String PROGRAM = "sallyport";
  private static final String NIL = "-";
  private static final int NAME_MAX = 255;
  private static final int KIND_MAX = 32;
  private static final int WARNING = 4;
  private static final int INFORMATIONAL = 6;
  private static final int FACILITY = 8;
  private static final List<String> SHORT = List.of("event", "code", "uid", "time", "user", "sid");

  private SyslogMessage() {}

  static byte[] of(Stored record, ExportTarget.Syslog target) {
    var json = parse(record);
    var head = head(record, json, target).getBytes(StandardCharsets.US_ASCII);
    var body = ExportSink.oneLine(record).getBytes(StandardCharsets.UTF_8);
    if (head.length + body.length > target.messageBytes()) {
      body = cut(json, body.length);
    }
    var message = new ByteArrayOutputStream(head.length + body.length);
    message.writeBytes(head);
    message.writeBytes(body);
    return message.toByteArray();
  }

  private static String head(Stored record, JsonNode json, ExportTarget.Syslog target) {
    var code = json.path("code").asString("");
    var severity = code.endsWith("W") || code.endsWith("E") ? WARNING : INFORMATIONAL;
    var time = json.path("time").asString("");
    return "<%d>1 %s %s %s - %s - "
        .formatted(
            target.facility() * FACILITY + severity,
            // An event's own time is in the form that syslog wants.
            time.isEmpty() ? record.came().toString() : plain(time, KIND_MAX),
            plain(target.host(), NAME_MAX),
            PROGRAM,
            plain(json.path("event").asString(""), KIND_MAX));
  }

  /// What a message that is too long says: enough to find the record.
  private static byte[] cut(JsonNode json, int bytes) {
    var text = JsonNodeFactory.instance.objectNode();
    for (var field : SHORT) {
      var value = json.path(field).asString("");
      if (!value.isEmpty()) {
        text.put(field, value.length() > NAME_MAX ? value.substring(0, NAME_MAX) : value);
      }
    }
    return text.put("too_long", bytes).toString().getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode parse(Stored record) {
    try {
      return AuditJson.parse(record.entry().body());
    } catch (InvalidAuditEvent e) {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  /// Visible ASCII, as all fields of the head must be.
  private static String plain(String text, int most) {
    var plain = text.replaceAll("[^!-~]", "_");
    if (plain.isEmpty()) {
      return NIL;
    }
    return plain.length() > most ? plain.substring(0, most) : plain;
  }
}
