package dev.sallyport.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Bodies of exact sizes, the same in each run. */
final class Bodies {
  private static final String START =
      " {\"TableName\" :\t\"Music\",\r\n\"A\":1.50e+01,\"B\":[\"\\/\",\"\\u00e9\",\"é\",";
  private static final String END = "] }\n";
  // What a rewriting of the JSON would not keep: escapes that need not be, blanks, umlauts.
  private static final String[] BITS = {
    "a", "Z", "7", "\\\"", "\\\\", "\\u0041", "\\/", "ß", "漢", "😀", " ", "\\n", "~", "<", "&"
  };

  private Bodies() {}

  /**
   * A JSON object of so many bytes, written as no library writes it: a change of one blank or
   * escape is a change of bytes.
   */
  static byte[] json(int size) {
    byte[] start = START.getBytes(StandardCharsets.UTF_8);
    byte[] end = END.getBytes(StandardCharsets.UTF_8);
    if (size < start.length + end.length + 2) {
      byte[] blank = new byte[size];
      Arrays.fill(blank, (byte) ' ');
      blank[0] = '{';
      blank[size - 1] = '}';
      return blank;
    }
    Random random = new Random(size);
    ByteArrayOutputStream body = new ByteArrayOutputStream(size);
    body.writeBytes(start);
    body.write('"');
    while (body.size() < size - end.length - 1) {
      byte[] bit = BITS[random.nextInt(BITS.length)].getBytes(StandardCharsets.UTF_8);
      boolean fits = body.size() + bit.length <= size - end.length - 1;
      body.writeBytes(fits ? bit : new byte[] {'x'});
    }
    body.write('"');
    body.writeBytes(end);
    return body.toByteArray();
  }

  /** Any bytes at all: answers are nobody's business but the client's. */
  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** The bytes compressed. */
  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }
}
