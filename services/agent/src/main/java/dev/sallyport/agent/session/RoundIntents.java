package dev.sallyport.agent.session;

import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.RequestJournal;
import dev.sallyport.audit.RequestJournal.RequestEntry;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Puts the intents of an event loop's requests on record: those that arrive in one round of the
/// loop are written together, after the last of them was read. A lone request waits for nobody; of
/// many, each is spared most of a call into the kernel.
///
/// Safe for any loop; an intent's caller is called back by its own.
public final class RoundIntents {

  /// Most intents that are written together: some 3 MiB if all are as large as they may be.
  static final int TOGETHER_MAX = 32;

  private final RequestJournal journal;
  private final Map<EventExecutor, Round> rounds = new ConcurrentHashMap<>();

  /// @param journal where they are written
  public RoundIntents(RequestJournal journal) {
    this.journal = journal;
  }

  /// One request's intent, and whom to tell.
  private record Waiting(DynamoDbRequest intent, Consumer<Optional<RequestEntry>> then) {}

  /// To be called on the loop.
  ///
  /// @param then is told once, on the loop and later than this call: the entry of an intent that is
  ///   on record, or empty when it could not be written at once and [RequestJournal#begin] is the
  ///   way. Must not throw: others wait behind it
  void add(EventExecutor loop, DynamoDbRequest intent, Consumer<Optional<RequestEntry>> then) {
    rounds.computeIfAbsent(loop, Round::new).add(new Waiting(intent, then));
  }

  /// What waits on one loop; used by that alone.
  private final class Round {
    private final EventExecutor loop;
    private List<Waiting> waiting = new ArrayList<>();

    Round(EventExecutor loop) {
      this.loop = loop;
    }

    void add(Waiting one) {
      waiting.add(one);
      if (waiting.size() == 1) {
        loop.execute(this::write);
      }
    }

    private void write() {
      var all = waiting;
      waiting = new ArrayList<>();
      for (int from = 0; from < all.size(); from += TOGETHER_MAX) {
        writeTogether(all.subList(from, Math.min(all.size(), from + TOGETHER_MAX)));
      }
    }

    private void writeTogether(List<Waiting> some) {
      var entries = journal.beginAtOnce(some.stream().map(Waiting::intent).toList());
      for (int i = 0; i < some.size(); i++) {
        var entry =
            entries.isEmpty() ? Optional.<RequestEntry>empty() : Optional.of(entries.get(i));
        some.get(i).then().accept(entry);
      }
    }
  }
}
