package dev.sallyport.testkit.aws;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// S3 with buckets in the path, as far as putting objects goes: verifies the signature, the body's
/// checksum, and that the bucket is there. Made and closed by [AwsStandIn].
public final class S3StandIn {
  private final SignatureCheck check;
  private final String region;
  private final Map<String, SortedMap<String, byte[]>> buckets = new HashMap<>();
  private final List<AccessKey> writers = new CopyOnWriteArrayList<>();
  private volatile boolean away;

  S3StandIn(SignatureCheck check, String region) {
    this.check = check;
    this.region = region;
  }

  /// Makes a bucket.
  public void createBucket(String name) {
    synchronized (buckets) {
      buckets.put(name, new TreeMap<>());
    }
  }

  /// Whether it refuses everything with 503.
  public void away(boolean now) {
    away = now;
  }

  /// The objects of a bucket, by key.
  public SortedMap<String, byte[]> objects(String bucket) {
    synchronized (buckets) {
      return new TreeMap<>(buckets.getOrDefault(bucket, new TreeMap<>()));
    }
  }

  /// Who put each object, in the order in which they came.
  public List<AccessKey> writers() {
    return List.copyOf(writers);
  }

  WireResponse answer(WireRequest request) {
    return switch (check.verify(request, region, "s3")) {
      case SignatureVerdict.Accepted accepted -> answer(request, accepted.key());
      case SignatureVerdict.Refused refused ->
          error(403, refused.fault().name(), refused.message());
    };
  }

  private WireResponse answer(WireRequest request, AccessKey writer) {
    if (away) {
      return error(503, "SlowDown", "Please reduce your request rate.");
    }
    var path = request.path().split("/", 3);
    if (!request.method().equals("PUT") || path.length < 3 || path[2].isEmpty()) {
      return error(405, "MethodNotAllowed", "only PutObject is known");
    }
    if (!request.only("X-Amz-Checksum-Sha256").equals(Optional.of(sum(request.body())))) {
      return error(400, "BadDigest", "The SHA256 you specified did not match.");
    }
    synchronized (buckets) {
      var objects = buckets.get(path[1]);
      if (objects == null) {
        return error(404, "NoSuchBucket", "The specified bucket does not exist");
      }
      objects.put(path[2], request.body());
    }
    writers.add(writer);
    return WireResponse.Answer.of(
        200, List.of(new WireHeader("ETag", "\"0123456789\"")), new byte[0]);
  }

  private static WireResponse error(int status, String code, String message) {
    var body = "<Error><Code>%s</Code><Message>%s</Message></Error>".formatted(code, message);
    return WireResponse.Answer.of(
        status,
        List.of(new WireHeader("Content-Type", "application/xml")),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static String sum(byte[] body) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
