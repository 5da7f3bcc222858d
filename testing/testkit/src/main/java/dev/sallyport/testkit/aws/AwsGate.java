package dev.sallyport.testkit.aws;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// The door of DynamoDB and Streams: lets in only what is rightly signed, and remembers all that
/// came; tells its time with its own errors. What it remembers is bounded; the oldest goes first.
/// Made and closed by [AwsStandIn].
public final class AwsGate {

  /// What stands in `x-amz-crc32` of damaged answers; no answer here has that checksum.
  public static final String WRONG_CHECKSUM = "1";

  private static final String CHECKSUM = "x-amz-crc32";
  private static final int REMEMBERED_MAX = 50_000;
  private static final long REMEMBERED_BYTES_MAX = 128L * 1024 * 1024;

  private final SignatureCheck check;
  private final InstantSource clock;
  private final String region;
  private final Upstream upstream;
  private final Deque<ReceivedRequest> received = new ArrayDeque<>();
  private long rememberedBytes;
  private volatile Weather weather = Weather.FINE;
  private final AtomicLong untilFine = new AtomicLong(Long.MAX_VALUE);

  AwsGate(SignatureCheck check, InstantSource clock, String region, Upstream upstream) {
    this.check = check;
    this.clock = clock;
    this.region = region;
    this.upstream = upstream;
  }

  /// Changes how it is doing. Requests are remembered in any weather.
  public void weather(Weather now) {
    weather(now, Long.MAX_VALUE);
  }

  /// The same for so many requests; then it is fine.
  public void weather(Weather now, long requests) {
    untilFine.set(requests);
    weather = now;
  }

  /// What came so far, oldest first.
  public List<ReceivedRequest> received() {
    synchronized (received) {
      return new ArrayList<>(received);
    }
  }

  /// Forgets what came.
  public void forget() {
    take();
  }

  /// What came since the last call, oldest first, and forgets it: who takes often enough misses
  /// nothing.
  public List<ReceivedRequest> take() {
    synchronized (received) {
      List<ReceivedRequest> taken = new ArrayList<>(received);
      received.clear();
      rememberedBytes = 0;
      return taken;
    }
  }

  static boolean isOfDax(WireRequest request) {
    return request.only("X-Amz-Target").orElse("").startsWith("AmazonDAX");
  }

  WireResponse answer(WireRequest request) {
    return switch (check.verify(request, region, isOfDax(request) ? "dax" : "dynamodb")) {
      case SignatureVerdict.Accepted accepted -> {
        remember(request, Optional.of(accepted.key()), Optional.empty());
        yield inWeather(request, accepted.key());
      }
      case SignatureVerdict.Refused refused -> {
        String type = refused.fault().dynamoDbCode();
        remember(request, Optional.empty(), Optional.of(type));
        yield error(400, "com.amazon.coral.service#" + type, refused.message());
      }
    };
  }

  private WireResponse inWeather(WireRequest request, AccessKey caller) {
    Weather now = untilFine.getAndDecrement() > 0 ? weather : Weather.FINE;
    return switch (now) {
      case FINE -> upstream.answer(request, caller);
      case THROTTLING ->
          error(400, "com.amazon.coral.availability#ThrottlingException", "Rate exceeded");
      case OUTAGE ->
          error(503, "com.amazon.coral.availability#ServiceUnavailableException", "Unavailable");
      case DAMAGED -> damaged(upstream.answer(request, caller));
      case BROKEN -> WireResponse.Cut.atOnce();
    };
  }

  private static WireResponse damaged(WireResponse whole) {
    return switch (whole) {
      case WireResponse.Answer answer -> {
        List<WireHeader> headers = new ArrayList<>(answer.headers());
        headers.removeIf(header -> header.name().equalsIgnoreCase(CHECKSUM));
        headers.add(new WireHeader(CHECKSUM, WRONG_CHECKSUM));
        yield new WireResponse.Answer(
            answer.status(), headers, answer.body(), answer.framing(), answer.delay());
      }
      case WireResponse.Cut cut -> cut;
    };
  }

  private void remember(WireRequest request, Optional<AccessKey> caller, Optional<String> refusal) {
    synchronized (received) {
      received.addLast(new ReceivedRequest(clock.instant(), request, caller, refusal));
      rememberedBytes += request.body().length;
      while (received.size() > REMEMBERED_MAX
          || (rememberedBytes > REMEMBERED_BYTES_MAX && received.size() > 1)) {
        rememberedBytes -= received.removeFirst().request().body().length;
      }
    }
  }

  private WireResponse error(int status, String type, String message) {
    WireResponse.Answer answer =
        ScriptedUpstream.json(
            status,
            UUID.randomUUID().toString(),
            "{\"__type\":\"%s\",\"message\":\"%s\"}"
                .formatted(type, message.replace("\\", "\\\\").replace("\"", "\\\"")));
    List<WireHeader> headers = new ArrayList<>(answer.headers());
    headers.add(WireHeader.date(clock.instant()));
    return WireResponse.Answer.of(status, headers, answer.body());
  }
}
