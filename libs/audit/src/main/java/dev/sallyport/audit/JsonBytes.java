package dev.sallyport.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.Locale;

/// JSON in UTF-8 as RFC 8259 has it, written from front to back into one array that grows. Commas
/// are put by itself; that names and values take turns, and that what is open is closed, is for the
/// caller.
///
/// Text of any kind becomes valid JSON: a half of a surrogate pair that stands alone is escaped.
/// For one thread.
final class JsonBytes {

  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  private static final int ASCII = 0x80;

  private byte[] bytes;
  private int size;
  private boolean comma;

  /// @param typical how many bytes are likely to do
  JsonBytes(int typical) {
    bytes = new byte[typical];
  }

  /// A name as it stands before its value, spelled once.
  static final class Name {
    private final byte[] quoted;

    Name(String name) {
      var spelled = new JsonBytes(name.length() + 3);
      spelled.string(name);
      spelled.put(':');
      quoted = spelled.toByteArray();
    }
  }

  /// A second as it is spelled before its fraction. The last one is kept: many times are of it.
  private static final class Second {
    private static final DateTimeFormatter FORM =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static volatile Second last = new Second(Instant.EPOCH);

    private final long second;
    private final byte[] text;

    private Second(Instant time) {
      second = time.getEpochSecond();
      text = FORM.format(time).getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] of(Instant time) {
      Second known = last;
      if (known.second != time.getEpochSecond()) {
        known = new Second(time);
        last = known;
      }
      return known.text;
    }
  }

  /// What was written.
  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /// Ends a line of JSON.
  void lineEnd() {
    put('\n');
  }

  void begin(char bracket) {
    separate();
    put(bracket);
    comma = false;
  }

  void end(char bracket) {
    put(bracket);
    comma = true;
  }

  void name(Name name) {
    separate();
    put(name.quoted);
    comma = false;
  }

  void name(String name) {
    string(name);
    put(':');
    comma = false;
  }

  /// Valid JSON that stands where a value does, or several names with their values.
  void raw(byte[] json) {
    separate();
    put(json);
    comma = true;
  }

  void bool(boolean value) {
    raw(value ? TRUE : FALSE);
  }

  void number(long value) {
    if (value < 0) {
      raw(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
      return;
    }
    separate();
    digits(value, stringSize(value));
    comma = true;
  }

  /// A number that is none in JSON is written as text.
  void number(double value) {
    String text = Double.toString(value);
    if (Double.isFinite(value)) {
      raw(text.getBytes(StandardCharsets.US_ASCII));
    } else {
      string(text);
    }
  }

  /// `2030-01-01T10:00:00.000Z`.
  void time(Instant time) {
    separate();
    put('"');
    put(Second.of(time));
    digits(time.get(ChronoField.MILLI_OF_SECOND), 3);
    put('Z');
    put('"');
    comma = true;
  }

  void string(String text) {
    separate();
    int length = text.length();
    require(length + 2);
    bytes[size++] = '"';
    int plain = 0;
    while (plain < length && isPlain(text.charAt(plain))) {
      bytes[size++] = (byte) text.charAt(plain++);
    }
    if (plain < length) {
      escaped(text, plain);
    }
    put('"');
    comma = true;
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c < ASCII && c != '"' && c != '\\';
  }

  private void escaped(String text, int from) {
    int next = from;
    while (next < text.length()) {
      char c = text.charAt(next);
      int point = text.codePointAt(next);
      if (isPlain(c)) {
        put(c);
      } else if (c < ASCII) {
        escape(c);
      } else if (point <= Character.MAX_VALUE && Character.isSurrogate(c)) {
        byNumber(c);
      } else {
        put(Character.toString(point).getBytes(StandardCharsets.UTF_8));
      }
      next += Character.charCount(point);
    }
  }

  private void escape(char c) {
    int letter =
        switch (c) {
          case '\b' -> 'b';
          case '\t' -> 't';
          case '\n' -> 'n';
          case '\f' -> 'f';
          case '\r' -> 'r';
          case '"', '\\' -> c;
          default -> 0;
        };
    if (letter == 0) {
      byNumber(c);
    } else {
      put('\\');
      put(letter);
    }
  }

  private void byNumber(char c) {
    put('\\');
    put('u');
    for (int shift = 12; shift >= 0; shift -= 4) {
      put(HEX[(c >> shift) & 0xF]);
    }
  }

  private static int stringSize(long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  private void digits(long value, int count) {
    require(count);
    long rest = value;
    for (int i = size + count - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += count;
  }

  private void separate() {
    if (comma) {
      put(',');
    }
  }

  private void put(int ascii) {
    require(1);
    bytes[size++] = (byte) ascii;
  }

  private void put(byte[] more) {
    require(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
  }

  private void require(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }
}
