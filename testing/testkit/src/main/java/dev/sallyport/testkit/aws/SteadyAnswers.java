package dev.sallyport.testkit.aws;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/// A database whose answers follow from what it was asked, and nothing else: two of them that are
/// asked the same in the same order answer the same bytes. Times are one time; ids that a database
/// makes up are counted, and understood when they come back. An answer is compressed for who asks
/// for it, and its end is told in one way or the other, by the request's invocation id.
///
/// For one request at a time.
public final class SteadyAnswers implements Upstream {

  private static final Set<String> REPLACED =
      Set.of("x-amz-crc32", "x-amzn-requestid", "date", "server", "content-encoding");

  /// Names of times.
  private static final Pattern TIME =
      Pattern.compile("\"([A-Za-z]*DateTime|[A-Za-z]*Timestamp)\":[0-9][0-9.E]*");

  /// What DynamoDB Local makes up: iterators, labels of streams, shards, ids of tables and others.
  private static final Pattern MADE_UP =
      Pattern.compile(
          "(?<iterator>(?:[0-9]{3}\\|)?arn:[^\"|]+\\|[^\"]+)"
              + "|(?<label>20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3})"
              + "|(?<shard>shardId-[0-9]{20}-[0-9a-f]{8})"
              + "|(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

  private final Upstream behind;
  private final Map<String, String> told = new LinkedHashMap<>();
  private final Map<String, String> meant = new LinkedHashMap<>();
  private int iterators;
  private int labels;
  private int shards;
  private int ids;

  /// @param behind whose answers are made steady
  public SteadyAnswers(Upstream behind) {
    this.behind = behind;
  }

  /// The label of the stream that was told as the `number`th, from 1.
  public static String label(int number) {
    return "2026-01-01T00:00:%02d.%03d".formatted(number / 1000, number % 1000);
  }

  /// The same of a shard.
  public static String shard(int number) {
    return "shardId-%020d-%08x".formatted(number, number);
  }

  /// The same of an iterator.
  public static String iterator(int number) {
    return "arn:aws:dynamodb:ddblocal:000000000000:table/T/stream/S|000|%08d".formatted(number);
  }

  @Override
  public WireResponse answer(WireRequest request, AccessKey caller) {
    WireResponse said = behind.answer(understood(request), caller);
    if (!(said instanceof WireResponse.Answer answer)) {
      return said;
    }
    String id = request.only("amz-sdk-invocation-id").orElse("");
    byte[] body =
        steady(new String(answer.body(), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    List<WireHeader> headers = new ArrayList<>();
    for (WireHeader header : answer.headers()) {
      if (!REPLACED.contains(header.name().toLowerCase(Locale.ROOT))) {
        headers.add(header);
      }
    }
    if (request.says("Accept-Encoding", "gzip")) {
      body = gzip(body);
      headers.add(new WireHeader("Content-Encoding", "gzip"));
    }
    CRC32 crc = new CRC32();
    crc.update(body);
    headers.add(new WireHeader("Server", "Server"));
    headers.add(new WireHeader("x-amz-crc32", Long.toString(crc.getValue())));
    headers.add(
        new WireHeader(
            "x-amzn-RequestId",
            UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString()));
    return new WireResponse.Answer(
        answer.status(),
        headers,
        body,
        id.hashCode() % 3 == 0 ? WireResponse.Framing.CHUNKED : WireResponse.Framing.LENGTH,
        Duration.ZERO);
  }

  private WireRequest understood(WireRequest request) {
    String text = new String(request.body(), StandardCharsets.ISO_8859_1);
    String understood = text;
    for (Map.Entry<String, String> each : meant.entrySet()) {
      understood = understood.replace(each.getKey(), each.getValue());
    }
    return understood.equals(text)
        ? request
        : new WireRequest(
            request.connection(),
            request.method(),
            request.path(),
            request.query(),
            request.headers(),
            understood.getBytes(StandardCharsets.ISO_8859_1));
  }

  private String steady(String text) {
    String timed = TIME.matcher(text).replaceAll("\"$1\":1767225600");
    return MADE_UP
        .matcher(timed)
        .replaceAll(found -> Matcher.quoteReplacement(replacement((Matcher) found)));
  }

  private String replacement(Matcher found) {
    return told.computeIfAbsent(
        found.group(),
        made -> {
          String steady = numbered(found);
          meant.put(steady, made);
          return steady;
        });
  }

  private String numbered(Matcher found) {
    if (found.group("iterator") != null) {
      return iterator(++iterators);
    }
    if (found.group("label") != null) {
      return label(++labels);
    }
    return found.group("shard") != null ? shard(++shards) : new UUID(0, ++ids).toString();
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }
}
