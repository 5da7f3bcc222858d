package dev.sallyport.e2e;

import dev.sallyport.control.ControlJson;
import dev.sallyport.testkit.aws.ReceivedRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/**
 * Holds what AWS got against what the cluster has on record, by the id that the SDK gives each
 * call. Calls of one window are compared together, so that a long run stays small.
 */
final class AuditLedger {
  /** Of which looking once, by tctl, takes up to half a minute on a loaded machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final GuideSite guide;
  private final InstantSource clock;
  private final Map<String, Integer> reached = new HashMap<>();
  private Instant since;

  AuditLedger(GuideSite guide, InstantSource clock) {
    this.guide = guide;
    this.clock = clock;
    this.since = clock.instant();
    guide.aws.gate().forget();
  }

  /**
   * What the comparison found; times are those of the records.
   *
   * @param twice calls that reached AWS, or have an outcome on record, more than once, and ids of
   *     records that are there more than once
   */
  record Balance(
      int reached,
      Set<String> withoutRecord,
      Set<String> withoutRequest,
      List<Instant> unknown,
      Set<String> twice) {}

  /** Notes what AWS got since the last call; often enough, or the gate forgets. */
  void note() {
    for (ReceivedRequest received : guide.aws.gate().take()) {
      received
          .request()
          .only("amz-sdk-invocation-id")
          .ifPresent(call -> reached.merge(call, 1, Integer::sum));
    }
  }

  /**
   * Compares all that happened since the last balance, once the agent has delivered its records;
   * nothing may be under way.
   */
  Balance balance() throws IOException {
    note();
    Awaitility.await("the records of " + reached.size() + " requests")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> balanceNow().withoutRecord().isEmpty());
    Balance balance = balanceNow();
    reached.clear();
    since = clock.instant();
    return balance;
  }

  private Balance balanceNow() throws IOException {
    Map<String, Integer> uids = new HashMap<>();
    Map<String, Integer> recorded = new HashMap<>();
    Set<String> answered = new TreeSet<>();
    List<Instant> unknown = new ArrayList<>();
    for (String line : guide.site.searchAudit(since)) {
      JsonNode event = ControlJson.MAPPER.readTree(line);
      if (!event.path("event").asString("").equals("db.session.dynamodb.request")) {
        continue;
      }
      uids.merge(event.path("uid").asString(), 1, Integer::sum);
      String call = event.path("invocation_id").asString("");
      switch (event.path("outcome").asString("")) {
        case "answered" -> {
          recorded.merge(call, 1, Integer::sum);
          answered.add(call);
        }
        case "unknown" -> {
          recorded.merge(call, 1, Integer::sum);
          unknown.add(Instant.parse(event.path("time").asString()));
        }
        default -> {}
      }
    }
    Set<String> withoutRecord = new TreeSet<>(reached.keySet());
    withoutRecord.removeAll(recorded.keySet());
    answered.removeAll(reached.keySet());
    Set<String> twice = new TreeSet<>();
    for (Map<String, Integer> times : List.of(reached, recorded, uids)) {
      times.forEach((id, count) -> {
        if (count > 1) {
          twice.add(id);
        }
      });
    }
    return new Balance(reached.size(), withoutRecord, answered, unknown, twice);
  }
}
