package dev.sallyport.audit.store;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.InvalidAuditEvent;
import dev.sallyport.audit.KeyedHash;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What a search goes by, taken from an event's JSON form; texts that an event does not have are
/// empty.
///
/// @param uid the event's id; intent and outcome of a request share it
/// @param time when it happened
/// @param type the event's name
/// @param user who did it
/// @param database the database
/// @param operation the DynamoDB operation
/// @param session the database session
/// @param status how it ended
/// @param httpStatus of the answer; 0 when there is none
/// @param tables the tables of a request
/// @param keyHashes the hashes of the values of its key attributes, 32 hexadecimal digits each
public record EventFacets(
    String uid,
    Instant time,
    String type,
    String user,
    String database,
    String operation,
    String session,
    AuditStatus status,
    int httpStatus,
    List<String> tables,
    Set<String> keyHashes) {

  private static final int TABLES_MAX = 100;
  private static final int HASHES_MAX = 256;
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{32}");
  private static final int HTTP_ERROR = 400;

  /// Copies.
  public EventFacets {
    tables = List.copyOf(tables);
    keyHashes = Set.copyOf(keyHashes);
  }

  /// Reads them from a record's text.
  ///
  /// @throws InvalidAuditEvent when it is no event
  public static EventFacets of(String body) throws InvalidAuditEvent {
    return of(AuditJson.parse(body));
  }

  /// Reads them from an event's JSON form.
  ///
  /// @throws InvalidAuditEvent when it is no event
  public static EventFacets of(JsonNode json) throws InvalidAuditEvent {
    var target = text(json, "target");
    return new EventFacets(
        text(json, "uid"),
        time(json),
        text(json, "event"),
        text(json, "user"),
        text(json, "db_service"),
        target.substring(target.lastIndexOf('.') + 1),
        text(json, "sid"),
        status(json),
        json.path("status_code").asInt(0),
        tables(json),
        keyHashes(json));
  }

  private static Instant time(JsonNode json) throws InvalidAuditEvent {
    try {
      return Instant.parse(text(json, "time"));
    } catch (DateTimeException e) {
      throw new InvalidAuditEvent("field time is no time");
    }
  }

  private static AuditStatus status(JsonNode json) {
    return switch (text(json, "outcome")) {
      case "answered" ->
          json.path("status_code").asInt(0) < HTTP_ERROR ? AuditStatus.OK : AuditStatus.FAILED;
      case "refused" -> AuditStatus.DENIED;
      case "not_sent" -> AuditStatus.FAILED;
      case "intended", "unknown" -> AuditStatus.UNKNOWN;
      default -> byCode(json);
    };
  }

  private static AuditStatus byCode(JsonNode json) {
    if (json.path("success").isBoolean()) {
      return json.path("success").booleanValue() ? AuditStatus.OK : AuditStatus.DENIED;
    }
    var code = text(json, "code");
    if (code.endsWith("W")) {
      return AuditStatus.DENIED;
    }
    return code.endsWith("E") ? AuditStatus.FAILED : AuditStatus.OK;
  }

  private static List<String> tables(JsonNode json) {
    var tables = new ArrayList<String>();
    for (var table : json.path("tables")) {
      if (table.isString() && tables.size() < TABLES_MAX && !tables.contains(table.stringValue())) {
        tables.add(table.stringValue());
      }
    }
    return tables;
  }

  private static Set<String> keyHashes(JsonNode json) {
    var hashes = new HashSet<String>();
    for (var value : json.path("key_attributes")) {
      var text = value.asString("");
      if (text.startsWith(KeyedHash.KIND)) {
        for (var hash : text.substring(KeyedHash.KIND.length()).split(" ", -1)) {
          if (hashes.size() < HASHES_MAX && HASH.matcher(hash).matches()) {
            hashes.add(hash);
          }
        }
      }
    }
    return hashes;
  }

  private static String text(JsonNode json, String field) {
    var value = json.path(field);
    return value.isString() ? value.stringValue() : "";
  }
}
