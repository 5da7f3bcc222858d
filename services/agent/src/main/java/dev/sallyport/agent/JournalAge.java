package dev.sallyport.agent;

import dev.sallyport.audit.journal.JournalStats;
import java.util.ArrayDeque;

/// How long the oldest record of the journal that Auth does not have has waited: known to a second
/// when it is looked at each second, and never told too short. Records of an earlier process count
/// from the start of this one. Not for several threads at once.
final class JournalAge {
  /// Beyond so many looks every second one is forgotten, and ages get coarser.
  private static final int MAX_LOOKS = 3600;

  private final ArrayDeque<Look> looks = new ArrayDeque<>();

  private record Look(long nanos, long sequence) {}

  /// Notes how far the journal is.
  void look(JournalStats stats, long nanos) {
    if (!looks.isEmpty() && stats.sequence() < looks.getLast().sequence()) {
      // Another chain began; what is not delivered was written again there.
      var oldest = looks.getFirst();
      looks.clear();
      looks.add(new Look(oldest.nanos(), 0));
    }
    while (looks.size() > 1 && second().sequence() <= stats.delivered()) {
      looks.removeFirst();
    }
    if (looks.isEmpty() || looks.getLast().sequence() != stats.sequence()) {
      looks.add(new Look(nanos, stats.sequence()));
    } else if (stats.waiting() == 0) {
      looks.removeLast();
      looks.add(new Look(nanos, stats.sequence()));
    }
    if (looks.size() > MAX_LOOKS) {
      thin();
    }
  }

  private Look second() {
    var each = looks.iterator();
    each.next();
    return each.next();
  }

  private void thin() {
    boolean keep = true;
    for (var each = looks.iterator(); each.hasNext(); keep = !keep) {
      each.next();
      if (!keep) {
        each.remove();
      }
    }
  }

  /// The age; zero when Auth has all of them.
  long nanos(JournalStats stats, long now) {
    return stats.waiting() == 0 || looks.isEmpty() ? 0 : now - looks.getFirst().nanos();
  }
}
