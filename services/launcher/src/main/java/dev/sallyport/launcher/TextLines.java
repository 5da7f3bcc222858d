package dev.sallyport.launcher;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.event.KeyValuePair;

/// Lines of the log to read: the fields that were asked for, the message, and `name="value"` for
/// each thing that belongs to it.
///
/// Values come from outside too. So a quote or backslash in one is escaped, control characters and
/// those that turn the direction of text are written by their numbers, and what follows a line
/// break in an event begins with a tab: no text from outside looks like a line or a value of its
/// own.
final class TextLines extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.UTC);

  private final Set<String> fields;

  /// @param fields what a line shows beside its message
  TextLines(List<String> fields) {
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
    var line = new StringBuilder(256);
    if (fields.contains("timestamp")) {
      TIME.formatTo(event.getInstant(), line);
      line.append(' ');
    }
    if (fields.contains("level")) {
      line.append("%-5s ".formatted(event.getLevel()));
    }
    if (fields.contains("component")) {
      var logger = event.getLoggerName();
      line.append('[').append(logger.substring(logger.lastIndexOf('.') + 1)).append("] ");
    }
    add(line, event.getFormattedMessage(), false);
    for (var pair : Objects.requireNonNullElse(event.getKeyValuePairs(), List.<KeyValuePair>of())) {
      line.append(' ').append(pair.key).append("=\"");
      add(line, String.valueOf(pair.value), true);
      line.append('"');
    }
    if (fields.contains("caller") && event.getCallerData().length > 0) {
      var caller = event.getCallerData()[0];
      line.append(' ').append(caller.getFileName()).append(':').append(caller.getLineNumber());
    }
    if (event.getThrowableProxy() != null) {
      line.append("\n\t");
      add(line, ThrowableProxyUtil.asString(event.getThrowableProxy()).strip(), false);
    }
    return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void add(StringBuilder line, String text, boolean quoted) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line.append(i + 1 < text.length() && text.charAt(i + 1) == '\t' ? "\n" : "\n\t");
      } else if (quoted && (c == '"' || c == '\\')) {
        line.append('\\').append(c);
      } else if (c != '\t' && misleads(c)) {
        line.append("\\u%04x".formatted((int) c));
      } else {
        line.append(c);
      }
    }
  }

  private static boolean misleads(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
