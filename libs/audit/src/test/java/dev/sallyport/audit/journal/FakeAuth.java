package dev.sallyport.audit.journal;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An Auth that keeps chains in memory, by the contract: known records are taken as delivered when
/// they are the same, others under a known number are refused.
final class FakeAuth implements JournalDelivery {

  private final Map<ChainId, List<String>> chains = new LinkedHashMap<>();
  private final Map<ChainId, Long> gaps = new HashMap<>();
  private volatile boolean away;
  private boolean forgetting;
  private boolean forgot;
  private long calls;
  private long checkpoints;

  void away(boolean value) {
    away = value;
  }

  @Override
  public synchronized long deliver(ChainRun run) throws Exception {
    calls++;
    if (away) {
      throw new IOException("Auth is away");
    }
    List<String> known = chains.computeIfAbsent(run.start().chain(), _ -> new ArrayList<>());
    if (run.records().isEmpty() && !run.checkpoints().isEmpty() && forgetting) {
      forgetting = false;
      known.clear();
      forgot = true;
    }
    while (!run.records().isEmpty() && known.size() < run.start().sequence()) {
      known.add("");
      gaps.merge(run.start().chain(), 1L, Long::sum);
    }
    ChainLink at = run.start();
    for (String record : run.records()) {
      at = at.next(record.getBytes(StandardCharsets.UTF_8));
      int index = (int) at.sequence() - 1;
      if (index < known.size()) {
        if (!known.get(index).equals(record)) {
          throw new ChainRefused("record " + at.sequence() + " is another");
        }
      } else {
        known.add(record);
      }
    }
    if (!at.equals(run.head())) {
      throw new IllegalStateException("the head is not that of the records");
    }
    checkpoints += run.checkpoints().size();
    return known.size();
  }

  /// Loses a chain's records, as if an old backup had been put back, right before it gets a
  /// signature that comes alone.
  synchronized void forgetBeforeSignature() {
    forgetting = true;
  }

  synchronized boolean forgot() {
    return forgot;
  }

  synchronized Map<ChainId, List<String>> chains() {
    Map<ChainId, List<String>> copy = new LinkedHashMap<>();
    chains.forEach((chain, records) -> copy.put(chain, List.copyOf(records)));
    return copy;
  }

  synchronized long calls() {
    return calls;
  }

  synchronized long checkpoints() {
    return checkpoints;
  }

  synchronized long gaps() {
    return gaps.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Each event once, by its id.
  synchronized Map<String, AuditEvent> events() {
    Map<String, AuditEvent> events = new LinkedHashMap<>();
    for (List<String> records : chains.values()) {
      for (String record : records) {
        if (!record.isEmpty()) {
          AuditEvent event = read(record);
          events.putIfAbsent(event.header().uid(), event);
        }
      }
    }
    return events;
  }

  synchronized List<DynamoDbRequest> requests() {
    List<DynamoDbRequest> requests = new ArrayList<>();
    for (AuditEvent event : events().values()) {
      if (event instanceof DynamoDbRequest request) {
        requests.add(request);
      }
    }
    return requests;
  }

  private static AuditEvent read(String record) {
    try {
      return AuditJson.read(record);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
