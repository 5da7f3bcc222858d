package dev.sallyport.agent.aws;

import dev.sallyport.aws.AwsDate;
import dev.sallyport.diagnostics.MetricText;
import dev.sallyport.dynamodb.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The time by which requests to AWS are signed: this host's, or, where that differs from AWS's by
/// more than [#TOLERATED], AWS's as the `Date` of its answers tells it. Signatures alone go by it;
/// permits, certificates and records go by the host's clock.
///
/// Kept for each endpoint by itself, though all of AWS has one time: what an endpoint that an
/// operator set as `uri` says of the time then moves the signatures of requests to that endpoint
/// and of no other, and to learn it anew costs one answer. Only answers over verified TLS count, or
/// somebody in between could have requests signed for a time to come. Safe for use by any thread.
public final class AwsClock {
  /// AWS takes signatures that are up to 5 minutes old or young; `Date` counts whole seconds and an
  /// answer takes its time.
  static final Duration TOLERATED = Duration.ofMinutes(4);

  /// Nobody follows a clock further than this. A host that is a day off misjudges every
  /// certificate, the longest of which are for a day or so; its clock has to be set.
  static final Duration LARGEST = Duration.ofHours(24);

  private static final double MILLIS = 1000.0;
  private static final Logger LOG = LoggerFactory.getLogger(AwsClock.class);

  private final InstantSource local;
  private final Map<URI, Reading> readings = new ConcurrentHashMap<>();

  /// What is known of an endpoint's clock.
  ///
  /// @param ahead how far it is ahead of the host's; zero if they agree or if it is not followed
  /// @param tooFar whether it differs by more than anybody follows
  private record Reading(Duration ahead, boolean tooFar) {
    static final Reading SAME = new Reading(Duration.ZERO, false);

    boolean fits(Instant sentAt, Instant now, Instant aws) {
      return !tooFar
          && !aws.isBefore(sentAt.plus(ahead).minus(TOLERATED))
          && !aws.isAfter(now.plus(ahead).plus(TOLERATED));
    }
  }

  /// @param local the clock of this host
  public AwsClock(InstantSource local) {
    this.local = local;
  }

  /// The host's time, which an answer is compared with later.
  public Instant local() {
    return local.instant();
  }

  /// The endpoint's time at this time of the host's.
  public Instant at(Endpoint endpoint, Instant now) {
    return now.plus(reading(endpoint).ahead);
  }

  /// Whether a request that was signed at that time would be signed at another one now.
  public boolean wouldSignOtherwise(Endpoint endpoint, Instant signedAt) {
    return differ(at(endpoint, local.instant()), signedAt);
  }

  /// An answer came.
  ///
  /// @param sentAt the host's time when its request was sent: `Date` fits if it lies between then
  ///   and now, so that neither a slow answer nor a pause of this process looks like a wrong clock
  /// @param date the value of its `Date`; one that cannot be read says nothing
  public void heard(Endpoint endpoint, Instant sentAt, String date) {
    if (!endpoint.tls()) {
      return;
    }
    AwsDate.parsed(date).ifPresent(aws -> compare(endpoint, sentAt, aws));
  }

  /// Writes how far the clocks differ.
  public void measure(MetricText out) {
    out.gauge(
            "sallyport_db_aws_clock_offset_seconds",
            "How far AWS's clock is ahead of this host's, as signatures follow it; 0 while they"
                + " agree within 4 minutes. The largest one, of all endpoints.")
        .sample(
            readings.values().stream()
                    .map(Reading::ahead)
                    .max(Comparator.comparing(Duration::abs))
                    .orElse(Duration.ZERO)
                    .toMillis()
                / MILLIS);
  }

  private void compare(Endpoint endpoint, Instant sentAt, Instant aws) {
    var now = local.instant();
    if (reading(endpoint).fits(sentAt, now, aws)) {
      return;
    }
    // Of many answers that come at once, the first one changes the reading and is told.
    readings.compute(
        endpoint.uri(),
        (_, known) -> {
          var last = known == null ? Reading.SAME : known;
          if (last.fits(sentAt, now, aws)) {
            return last;
          }
          var next = reading(now, aws);
          if (!next.equals(last)) {
            tell(endpoint, now, aws, next);
          }
          return next;
        });
  }

  private static Reading reading(Instant now, Instant aws) {
    var ahead = Duration.between(now, aws);
    if (ahead.abs().compareTo(LARGEST) > 0) {
      return new Reading(Duration.ZERO, true);
    }
    return differ(now, aws) ? new Reading(ahead, false) : Reading.SAME;
  }

  private static void tell(Endpoint endpoint, Instant now, Instant aws, Reading reading) {
    var line =
        (reading.equals(Reading.SAME)
                ? LOG.atInfo()
                : reading.tooFar ? LOG.atError() : LOG.atWarn())
            .addKeyValue("endpoint", endpoint.uri())
            .addKeyValue("localTime", now)
            .addKeyValue("awsTime", aws);
    if (reading.equals(Reading.SAME)) {
      line.log("The clock of this host agrees with AWS's again");
    } else if (reading.tooFar) {
      line.log(
          "The clock of this host and AWS's differ by more than 24 hours, which nobody follows; set"
              + " it");
    } else {
      line.log(
          "The clock of this host and AWS's differ; requests are signed with AWS's time. Set the"
              + " clock: certificates and records go by it");
    }
  }

  private Reading reading(Endpoint endpoint) {
    return readings.getOrDefault(endpoint.uri(), Reading.SAME);
  }

  private static boolean differ(Instant one, Instant other) {
    return Duration.between(one, other).abs().compareTo(TOLERATED) > 0;
  }
}
