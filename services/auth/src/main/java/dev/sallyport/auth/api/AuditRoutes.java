package dev.sallyport.auth.api;

import dev.sallyport.audit.store.AuditQuery;
import dev.sallyport.audit.store.AuditStatus;
import dev.sallyport.audit.store.Tally;
import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.access.Rules;
import dev.sallyport.auth.audit.AuditKeeper;
import dev.sallyport.auth.audit.AuditReader;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.policy.Verb;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Reading the audit log. Whoever may list and read `event` finds their own events; who may read
/// `session` too finds everybody's.
final class AuditRoutes {
  private static final String EVENT = "event";
  private static final String SESSION = "session";
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final int TEXT_MAX = 1024;
  private static final int LIMIT = 100;

  private final Rules rules;
  private final AuditReader reader;
  private final AuditKeeper keeper;

  AuditRoutes(Rules rules, AuditReader reader, AuditKeeper keeper) {
    this.rules = rules;
    this.reader = reader;
    this.keeper = keeper;
  }

  Optional<Object> search(Call call) {
    var filter = filter(call);
    var query =
        new AuditQuery(
            time(call, "from"),
            time(call, "to"),
            filter,
            text(call, "before").map(AuditReader::place),
            limit(call, AuditQuery.LIMIT_MAX));
    return Optional.of(reader.search(query));
  }

  Optional<Object> tail(Call call) throws InterruptedException {
    return Optional.of(reader.tail(number(call, "after"), filter(call)));
  }

  Optional<Object> sessions(Call call) {
    var filter = filter(call);
    return Optional.of(
        reader.sessions(
            time(call, "from"), time(call, "to"), filter, limit(call, AuditQuery.LIMIT_MAX)));
  }

  Optional<Object> top(Call call) {
    everybodys(call.caller());
    var by =
        switch (text(call, "by").orElse("user").toUpperCase(Locale.ROOT)) {
          case "USER" -> Tally.By.USER;
          case "TABLE" -> Tally.By.TABLE;
          case "OP" -> Tally.By.OP;
          default -> throw bad("by (expected: user, table or op)");
        };
    return Optional.of(
        reader.top(by, time(call, "from"), time(call, "to"), limit(call, AuditQuery.LIMIT_MAX)));
  }

  Optional<Object> chains(Call call) {
    everybodys(call.caller());
    return Optional.of(reader.chains(optionalTime(call, "from"), optionalTime(call, "to")));
  }

  Optional<Object> chain(Call call) {
    everybodys(call.caller());
    var name = text(call, "name").orElseThrow(() -> bad("name is missing"));
    return Optional.of(
        reader.chain(name, number(call, "from").orElse(1L), limit(call, AuditReader.RECORDS_MAX)));
  }

  Optional<Object> index(Call call) {
    everybodys(call.caller());
    return Optional.of(reader.index(number(call, "after").orElse(0L)));
  }

  Optional<Object> state(Call call) {
    everybodys(call.caller());
    return Optional.of(keeper.state());
  }

  private void everybodys(Caller caller) {
    rules.require(caller, EVENT, Verb.LIST, Verb.READ);
    rules.require(caller, SESSION, Verb.LIST, Verb.READ);
  }

  private AuditQuery.Filter filter(Call call) {
    rules.require(call.caller(), EVENT, Verb.LIST, Verb.READ);
    var user = text(call, "user");
    if (!rules.allow(call.caller(), SESSION, Verb.LIST, Verb.READ)) {
      var own = call.caller().name();
      if (user.isPresent() && !user.get().equals(own)) {
        rules.require(call.caller(), SESSION, Verb.LIST, Verb.READ);
      }
      user = Optional.of(own);
    }
    return new AuditQuery.Filter(
        user,
        text(call, "db"),
        text(call, "table"),
        text(call, "op"),
        text(call, "type"),
        text(call, "session"),
        text(call, "status")
            .map(word ->
                AuditStatus.parse(word)
                    .orElseThrow(() -> bad("status (expected: ok, denied, failed or unknown)"))),
        number(call, "http_status").map(Long::intValue),
        text(call, "key").map(this::keyHashes).orElse(List.of()));
  }

  private List<String> keyHashes(String key) {
    var equals = key.indexOf('=');
    if (equals < 1) {
      throw bad("key (expected: the name of a key attribute, =, and its value)");
    }
    return reader.hashes(key.substring(0, equals), key.substring(equals + 1));
  }

  private static Optional<String> text(Call call, String name) {
    var text = call.query(name).filter(found -> !found.isEmpty());
    if (text.isPresent() && text.get().length() > TEXT_MAX) {
      throw bad("%s is longer than %d characters".formatted(name, TEXT_MAX));
    }
    return text;
  }

  private static Optional<Long> number(Call call, String name) {
    return parsed(
        text(call, name).map(found -> NUMBER.matcher(found).matches() ? found : "x"),
        Long::valueOf,
        name + " is no number");
  }

  private static int limit(Call call, int most) {
    var limit = number(call, "limit").orElse((long) LIMIT);
    if (limit < 1 || limit > most) {
      throw bad("limit (expected: 1 to %d)".formatted(most));
    }
    return limit.intValue();
  }

  private static Instant time(Call call, String name) {
    return optionalTime(call, name).orElseThrow(() -> bad(name + " is missing"));
  }

  private static Optional<Instant> optionalTime(Call call, String name) {
    return parsed(text(call, name), Instant::parse, name + " is no time in RFC 3339");
  }

  private static <T> Optional<T> parsed(
      Optional<String> text, Function<String, T> parse, String error) {
    try {
      return text.map(parse);
    } catch (DateTimeException | IllegalArgumentException e) {
      throw bad(error);
    }
  }

  private static ControlException bad(String message) {
    return new ControlException(ErrorKind.BAD_PARAMETER, message);
  }
}
