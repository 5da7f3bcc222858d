package dev.sallyport.agent.session;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Looks at an answer as it passes: counts its bytes, and keeps its beginning and its end for as
/// long as it takes to find the code of an error and the consumed capacity there.
final class AnswerScan {
  /// How much of each end is looked at.
  static final int KEPT = 1024;

  private static final Pattern CODE =
      Pattern.compile("\"__type\"\\s*:\\s*\"(?:[^\"#]{0,100}#)?([A-Za-z0-9.]{1,100})\"");
  private static final Pattern CAPACITY =
      Pattern.compile("\"CapacityUnits\"\\s*:\\s*([0-9]{1,12}(?:\\.[0-9]{1,6})?)");
  private static final String CONSUMED = "\"ConsumedCapacity\"";

  private byte[] first = {};
  private byte[] last = {};
  private long bytes;

  void body(ByteBuf chunk) {
    int length = chunk.readableBytes();
    int from = chunk.readerIndex();
    if (bytes < KEPT) {
      int count = (int) Math.min(length, KEPT - bytes);
      first = Arrays.copyOf(first, (int) bytes + count);
      chunk.getBytes(from, first, (int) bytes, count);
    }
    if (bytes + length > KEPT) {
      keepEnd(chunk, from, length);
    }
    bytes += length;
  }

  private void keepEnd(ByteBuf chunk, int from, int length) {
    if (last.length == 0) {
      last = new byte[KEPT];
      int before = (int) Math.min(bytes, KEPT);
      System.arraycopy(first, 0, last, KEPT - before, before);
    }
    int tail = Math.min(length, KEPT);
    System.arraycopy(last, tail, last, 0, KEPT - tail);
    chunk.getBytes(from + length - tail, last, KEPT - tail, tail);
  }

  long bytes() {
    return bytes;
  }

  /// The code of DynamoDB's error, which stands at the beginning; its message is not looked at.
  Optional<String> errorCode() {
    Matcher match = CODE.matcher(beginning());
    return match.find() ? Optional.of(match.group(1)) : Optional.empty();
  }

  /// The capacity units that are told for the whole request; empty when there are several tables.
  Optional<Double> capacity() {
    var found = capacity(beginning());
    return found.isPresent() ? found : capacity(end());
  }

  private static Optional<Double> capacity(String text) {
    int at = text.indexOf(CONSUMED);
    if (at < 0) {
      return Optional.empty();
    }
    boolean several = text.startsWith("[", skipSpace(text, at + CONSUMED.length()));
    Matcher match = CAPACITY.matcher(text).region(at, text.length());
    if (!match.find()) {
      return Optional.empty();
    }
    double units = Double.parseDouble(match.group(1));
    return several && match.find() ? Optional.empty() : Optional.of(units);
  }

  private static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == ':' || text.charAt(at) == ' ')) {
      at++;
    }
    return at;
  }

  private String beginning() {
    return new String(first, StandardCharsets.ISO_8859_1);
  }

  private String end() {
    return bytes > KEPT ? new String(last, StandardCharsets.ISO_8859_1) : beginning();
  }
}
