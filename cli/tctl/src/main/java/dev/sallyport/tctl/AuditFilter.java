package dev.sallyport.tctl;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What events must have to be shown.
final class AuditFilter {
  private static final Pattern HTTP_STATUS = Pattern.compile("[1-5][0-9][0-9]");
  private static final List<String> STATUS = List.of("ok", "denied", "failed", "unknown");

  @Option(names = "--user", paramLabel = "NAME", description = "who did it")
  @Nullable String user;

  @Option(names = "--db", paramLabel = "NAME", description = "on which database")
  @Nullable String db;

  @Option(names = "--table", paramLabel = "NAME", description = "on which table")
  @Nullable String table;

  @Option(names = "--op", paramLabel = "NAME", description = "operation, such as PutItem")
  @Nullable String op;

  @Option(names = "--type", paramLabel = "NAME", description = "event, such as user.login")
  @Nullable String type;

  @Option(names = "--session", paramLabel = "ID", description = "in which session")
  @Nullable String session;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "ok, denied, failed, unknown, or the HTTP status of the answer, such as 400")
  @Nullable String status;

  @Option(
      names = "--key",
      paramLabel = "NAME=VALUE",
      description = "a key attribute of the request and its value, as text, number or Base64")
  @Nullable String key;

  Map<String, String> parameters() {
    Map<String, String> parameters = new HashMap<>();
    put(parameters, "user", user);
    put(parameters, "db", db);
    put(parameters, "table", table);
    put(parameters, "op", op);
    put(parameters, "type", type);
    put(parameters, "session", session);
    String wantedKey = key;
    if (wantedKey != null && wantedKey.indexOf('=') < 1) {
      throw new CommandFailed(
          "--key: no = after a name (expected: the name of a key attribute, =, and its value)");
    }
    put(parameters, "key", wantedKey);
    String wanted = status;
    if (wanted != null) {
      boolean code = HTTP_STATUS.matcher(wanted).matches();
      if (!code && !STATUS.contains(wanted.toLowerCase(Locale.ROOT))) {
        throw new CommandFailed(
            "--status: \"%s\" (expected: ok, denied, failed, unknown, or a number such as 400)"
                .formatted(wanted));
      }
      parameters.put(code ? "http_status" : "status", wanted);
    }
    return parameters;
  }

  private static void put(Map<String, String> parameters, String name, @Nullable String value) {
    if (value != null) {
      parameters.put(name, value);
    }
  }
}
