package dev.sallyport.launcher;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.encoder.JsonEscapeUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.event.KeyValuePair;

/// Lines of the log as JSON objects, each on one line: the fields that were asked for (`timestamp`,
/// `level`, `component`, `caller`), `message`, what belongs to it under names of its own, and the
/// stack of an `error`. A name of these that is one of the fields' gets a `_` at its end.
final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final Set<String> TAKEN =
      Set.of("timestamp", "level", "component", "caller", "message", "error");

  private final Set<String> fields;

  /// @param fields what a line shows beside its message
  JsonLines(List<String> fields) {
    this.fields = Set.copyOf(fields);
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var line = new StringBuilder(256).append('{');
    if (fields.contains("timestamp")) {
      add(line, "timestamp", event.getInstant());
    }
    if (fields.contains("level")) {
      add(line, "level", event.getLevel());
    }
    if (fields.contains("component")) {
      var logger = event.getLoggerName();
      add(line, "component", logger.substring(logger.lastIndexOf('.') + 1));
    }
    if (fields.contains("caller") && event.getCallerData().length > 0) {
      var caller = event.getCallerData()[0];
      add(line, "caller", caller.getFileName() + ":" + caller.getLineNumber());
    }
    add(line, "message", event.getFormattedMessage());
    for (var pair : Objects.requireNonNullElse(event.getKeyValuePairs(), List.<KeyValuePair>of())) {
      add(line, TAKEN.contains(pair.key) ? pair.key + "_" : pair.key, pair.value);
    }
    if (event.getThrowableProxy() != null) {
      add(line, "error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void add(StringBuilder line, String name, Object value) {
    if (line.length() > 1) {
      line.append(',');
    }
    text(line, name);
    line.append(':');
    switch (value) {
      case Integer number -> line.append(number);
      case Long number -> line.append(number);
      case Boolean truth -> line.append(truth);
      default -> text(line, String.valueOf(value));
    }
  }

  private static void text(StringBuilder line, String text) {
    line.append('"').append(JsonEscapeUtil.jsonEscapeString(text)).append('"');
  }
}
