package dev.sallyport.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Every second request as an SDK writes it; the others in one of the forms that HTTP allows. */
final class OddManners {
  private static final List<String> TYPES =
      List.of(
          "Content-Type: " + RawRequest.CONTENT_TYPE,
          "Content-Type: application/x-amz-json-1.0; charset=utf-8",
          "Content-Type: Application/X-Amz-JSON-1.0",
          "Content-Type: application/x-amz-json-1.1",
          "Content-Type: application/json");
  private static final List<String> ACCEPTED =
      List.of(
          "Accept-Encoding: gzip",
          "Accept-Encoding: identity",
          "Accept-Encoding: gzip, deflate, br",
          "Accept-Encoding:");
  private static final List<String> OTHERS =
      List.of(
          "X-Empty:",
          "Accept: */*",
          "Accept:",
          "User-Agent: aws-sdk-odd/2.0 (tab\there; ~!\"§$%&/()=?)",
          "Connection: close",
          "Connection: keep-alive",
          "Connection: X-Hop",
          "X-Hop: for this hop alone",
          "TE: trailers",
          "Cache-Control: no-store",
          "amz-sdk-request: attempt=1; max=3",
          "Via: 1.1 company",
          "Cookie: a=b; c=d");
  private static final int CROWD = 60;

  private final Random random;

  OddManners(Random random) {
    this.random = random;
  }

  Manner next() {
    if (random.nextBoolean()) {
      return Manner.PLAIN;
    }
    List<String> lines = new ArrayList<>();
    add(lines, TYPES, 8);
    add(lines, ACCEPTED, 2);
    for (String line : OTHERS) {
      if (random.nextInt(6) == 0 && names(lines, line)) {
        lines.add(line);
      }
    }
    for (int i = random.nextInt(12) == 0 ? CROWD : 0; i > 0; i--) {
      lines.add("X-Crowd-" + i + ": " + "c".repeat(random.nextInt(90)));
    }
    List<Manner.Letters> letters = List.of(Manner.Letters.values());
    return new Manner(
        random.nextInt(10) == 0 ? "HTTP/1.0" : "HTTP/1.1",
        random.nextInt(6) == 0,
        lines,
        letters.get(random.nextInt(letters.size())),
        random.nextLong(),
        random.nextInt(3) == 0 ? 1 : 64);
  }

  private void add(List<String> lines, List<String> from, int oneLacksIn) {
    if (random.nextInt(oneLacksIn) != 0) {
      lines.add(from.get(random.nextInt(from.size())));
    }
  }

  private static boolean names(List<String> lines, String line) {
    String name = line.substring(0, line.indexOf(':') + 1);
    return lines.stream().noneMatch(other -> other.startsWith(name));
  }
}
