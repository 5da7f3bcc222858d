package dev.sallyport.e2e;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How a request is written, where HTTP leaves the choice.
 *
 * @param version such as {@code HTTP/1.1}
 * @param absolute whether the request line names the host
 * @param lines header lines of the client's own: what it accepts, what it sends, and any others
 * @param letters how names of headers are spelled
 * @param order 0 for the order of an SDK, anything else for one of many
 * @param largestChunk most bytes in a chunk
 */
record Manner(
    String version,
    boolean absolute,
    List<String> lines,
    Letters letters,
    long order,
    int largestChunk) {
  /** As an SDK writes. */
  static final Manner PLAIN =
      new Manner(
          "HTTP/1.1",
          false,
          List.of(
              "Content-Type: " + RawRequest.CONTENT_TYPE,
              "User-Agent: raw/1.0",
              "Accept-Encoding: gzip"),
          Letters.AS_IS,
          0,
          48 * 1024);

  /** How names of headers are spelled. */
  enum Letters {
    AS_IS,
    LOWER,
    UPPER;

    private String of(String name) {
      return switch (this) {
        case AS_IS -> name;
        case LOWER -> name.toLowerCase(Locale.ROOT);
        case UPPER -> name.toUpperCase(Locale.ROOT);
      };
    }
  }

  Manner {
    lines = List.copyOf(lines);
  }

  /** The same with more header lines. */
  Manner with(List<String> more) {
    List<String> all = new ArrayList<>(lines);
    all.addAll(more);
    return new Manner(version, absolute, all, letters, order, largestChunk);
  }

  /** The values that are sent of a header. */
  List<String> all(String name) {
    return lines.stream()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .toList();
  }

  /** Whether the connection ends with the answer. */
  boolean ends() {
    return !version.equals("HTTP/1.1") || all("Connection").contains("close");
  }

  /** The head of a request to a host, with the lines that every request has. */
  String head(String host, List<String> needed) {
    Random random = new Random(order);
    List<String> all = new ArrayList<>(needed);
    all.addAll(lines);
    if (order != 0) {
      Collections.shuffle(all, random);
    }
    StringBuilder head = new StringBuilder("POST ");
    head.append(absolute ? "http://" + host + "/" : "/").append(' ').append(version);
    for (String line : all) {
      int colon = line.indexOf(':');
      head.append("\r\n").append(letters.of(line.substring(0, colon))).append(':');
      head.append(order == 0 ? " " : List.of(" ", "", "  ", "\t").get(random.nextInt(4)));
      head.append(line.substring(colon + 1).strip());
      head.append(order == 0 ? "" : List.of("", " ", "\t ").get(random.nextInt(3)));
    }
    return head.append("\r\n\r\n").toString();
  }
}
