package dev.sallyport.auth.login;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Secret;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file of breached passwords as Have I Been Pwned gives it for download: each line the SHA-1 of
/// one in hexadecimal and, after a colon, how often it was seen; ordered by the hash. It is
/// searched on the disk, by halves, so tens of gigabytes cost a few reads and no memory.
///
/// The file is opened for each question, so another may take its place while the service runs. Who
/// can't read it refuses the password. Safe for use by many threads.
public final class BreachedList implements BreachedPasswords {
  private static final Logger LOG = LoggerFactory.getLogger(BreachedList.class);
  private static final int HASH = 40;

  /// The longest line, with its end: a hash, a colon and a count.
  private static final int LINE_MAX = 64;

  /// How many lines a start looks at.
  private static final int SAMPLES = 256;

  private final Path file;

  private BreachedList(Path file) {
    this.file = file;
  }

  /// Looks at the file: its form, and at lines all over it, whether they are in order.
  ///
  /// @throws IOException if it can't be read, or is no such list; the message names it and says why
  public static BreachedList open(Path file) throws IOException {
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      var length = in.length();
      var before = lineFrom(in, 0).orElseThrow(() -> new IOException("it is empty"));
      for (var i = 1; i <= SAMPLES; i++) {
        var line = lineFrom(in, length / SAMPLES * i);
        if (line.isPresent() && line.get().hash().compareTo(before.hash()) < 0) {
          throw new IOException(
              "it is not ordered by hash (at byte %d)".formatted(line.get().start()));
        }
        before = line.orElse(before);
      }
      return new BreachedList(file);
    } catch (IOException e) {
      throw new IOException(
          "the list of breached passwords %s can't be used: %s".formatted(file, e.getMessage()), e);
    }
  }

  @Override
  public boolean contains(Secret password) {
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      return contains(in, sha1(password));
    } catch (IOException e) {
      LOG.atError().setCause(e).addKeyValue("file", file).log("breached passwords can't be read");
      throw new ControlException(
          ErrorKind.UNAVAILABLE,
          "the list of breached passwords can't be read now, and without it no password is taken;"
              + " your administrator finds the reason in the log of the Auth Service",
          e);
    }
  }

  /// In each step, everything before `low` is smaller, and no line that begins at or after `high`
  /// is the wanted one.
  private static boolean contains(RandomAccessFile in, String wanted) throws IOException {
    long low = 0;
    long high = in.length();
    while (low < high) {
      var middle = low + (high - low) / 2;
      var line = lineFrom(in, middle);
      if (line.isEmpty() || line.get().start() >= high) {
        high = middle;
        continue;
      }
      var order = line.get().hash().compareTo(wanted);
      if (order == 0) {
        return true;
      }
      if (order < 0) {
        low = line.get().end();
      } else {
        high = middle;
      }
    }
    return false;
  }

  private record Line(long start, long end, String hash) {}

  /// The first line that begins at or after a place; empty if none does.
  private static Optional<Line> lineFrom(RandomAccessFile in, long place) throws IOException {
    var from = Math.max(0, place - 1);
    var bytes = new byte[2 * LINE_MAX];
    in.seek(from);
    var count = fill(in, bytes);
    var begin = 0;
    if (place > 0) {
      while (begin < count && bytes[begin] != '\n') {
        begin++;
      }
      begin++;
      if (begin > LINE_MAX && count > LINE_MAX) {
        throw new IOException("it has a line that is too long (at byte %d)".formatted(from));
      }
    }
    if (begin >= count) {
      return Optional.empty();
    }
    var end = begin;
    while (end < count && bytes[end] != '\n') {
      end++;
    }
    var start = from + begin;
    return Optional.of(new Line(start, from + end + 1, hash(bytes, begin, end, start)));
  }

  private static int fill(RandomAccessFile in, byte[] bytes) throws IOException {
    var count = 0;
    while (count < bytes.length) {
      var read = in.read(bytes, count, bytes.length - count);
      if (read < 0) {
        break;
      }
      count += read;
    }
    return count;
  }

  private static String hash(byte[] bytes, int begin, int end, long start) throws IOException {
    var right = end - begin >= HASH && end - begin < LINE_MAX;
    for (var i = begin; right && i < begin + HASH; i++) {
      right = HexFormat.isHexDigit(bytes[i]);
    }
    var after = right && begin + HASH < end ? bytes[begin + HASH] : (byte) ':';
    if (!right || (after != ':' && after != '\r')) {
      throw new IOException(
          "the line at byte %d is not a SHA-1 in hexadecimal, a colon and a count"
              .formatted(start));
    }
    return new String(bytes, begin, HASH, StandardCharsets.US_ASCII).toUpperCase(Locale.ROOT);
  }

  /// The hash by which such lists are made; it protects nothing here.
  private static String sha1(Secret password) {
    try {
      var digest = MessageDigest.getInstance("SHA-1");
      var bytes = password.reveal().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().withUpperCase().formatHex(digest.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
