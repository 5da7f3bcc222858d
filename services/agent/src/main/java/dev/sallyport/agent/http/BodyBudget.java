package dev.sallyport.agent.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The memory that request bodies of the whole agent may hold, and each user's share of it.
///
/// A sized body takes its whole length before its first byte is read; a chunked one takes steps.
/// Who finds no room waits briefly, in the order of asking, and is then refused. A chunked body
/// that waits holds what it has; when all that is held belongs to such waiting ones, nobody could
/// ever go on, so the youngest is refused at once. Safe for use by any thread; answers come on the
/// asker's own event loop.
public final class BodyBudget {
  static final int MAX_WAITING = 4096;

  private final long total;
  private final long share;
  private final Duration patience;
  private final Map<String, Long> heldByUser = new HashMap<>();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long held;
  private long leases;

  /// @param total bytes for all bodies together
  /// @param share bytes for the bodies of one user
  /// @param patience how long one waits for room
  public BodyBudget(long total, long share, Duration patience) {
    if (share <= 0 || total < share) {
      throw new IllegalArgumentException(
          "body budget: "
              + total
              + " bytes, "
              + share
              + " for a user (expected: 0 < share <= total)");
    }
    this.total = total;
    this.share = share;
    this.patience = patience;
  }

  /// A lease that holds nothing yet, for a body of this user.
  public Lease open(String user) {
    synchronized (this) {
      return new Lease(user, leases++);
    }
  }

  /// Bytes that all bodies together may hold.
  public long total() {
    return total;
  }

  /// Bytes held now.
  public synchronized long held() {
    return held;
  }

  /// Memory for one body. Belongs to one event loop; [#close] may come from any thread, once.
  public final class Lease {
    private final String user;
    private final long number;
    private long bytes;
    private boolean closed;

    private Lease(String user, long number) {
      this.user = user;
      this.number = number;
    }

    /// Asks for more.
    ///
    /// @param grows whether this body may ask again, that is, is chunked
    /// @param answer told once, with whether the bytes are granted: at once on this thread, or
    ///   later on the loop
    public void ask(long more, boolean grows, EventExecutor loop, Consumer<Boolean> answer) {
      var asked = new Waiting(this, more, grows, loop, answer);
      List<Waiting> settled = List.of();
      boolean answered;
      boolean granted;
      synchronized (BodyBudget.this) {
        granted = !closed && waiting.isEmpty() && fits(asked) && take(asked);
        answered = granted || closed || bytes + more > share || waiting.size() >= MAX_WAITING;
        if (!answered) {
          waiting.add(asked);
          asked.timer =
              loop.schedule(() -> giveUp(asked), patience.toMillis(), TimeUnit.MILLISECONDS);
          settled = settle();
        }
      }
      if (answered) {
        answer.accept(granted);
      }
      settled.forEach(Waiting::tell);
    }

    /// Gives everything back.
    public void close() {
      List<Waiting> settled;
      synchronized (BodyBudget.this) {
        if (closed) {
          return;
        }
        closed = true;
        held -= bytes;
        heldByUser.computeIfPresent(user, (name, sum) -> sum == bytes ? null : sum - bytes);
        bytes = 0;
        waiting.removeIf(one -> one.lease == this && one.drop());
        settled = settle();
      }
      settled.forEach(Waiting::tell);
    }
  }

  private static final class Waiting {
    final Lease lease;
    final long more;
    final boolean grows;
    final EventExecutor loop;
    final Consumer<Boolean> answer;
    @Nullable ScheduledFuture<?> timer;
    boolean granted;

    Waiting(Lease lease, long more, boolean grows, EventExecutor loop, Consumer<Boolean> answer) {
      this.lease = lease;
      this.more = more;
      this.grows = grows;
      this.loop = loop;
      this.answer = answer;
    }

    boolean drop() {
      if (timer != null) {
        timer.cancel(false);
      }
      return true;
    }

    void tell() {
      drop();
      loop.execute(() -> answer.accept(granted));
    }
  }

  private void giveUp(Waiting asked) {
    boolean was;
    List<Waiting> settled;
    synchronized (this) {
      was = waiting.remove(asked);
      settled = settle();
    }
    if (was) {
      asked.answer.accept(false);
    }
    settled.forEach(Waiting::tell);
  }

  private boolean fits(Waiting asked) {
    return held + asked.more <= total
        && heldByUser.getOrDefault(asked.lease.user, 0L) + asked.more <= share;
  }

  private boolean take(Waiting asked) {
    held += asked.more;
    heldByUser.merge(asked.lease.user, asked.more, Long::sum);
    asked.lease.bytes += asked.more;
    asked.granted = true;
    return true;
  }

  /// Serves whoever can be served, bodies that already hold something first, and breaks a
  /// standstill.
  private List<Waiting> settle() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    var settled = new ArrayList<Waiting>();
    serve(settled, true);
    serve(settled, false);
    refuseYoungestAtStandstill(settled);
    return settled;
  }

  /// In the order of asking. A user at its share does not stand in another's way; a body that finds
  /// no room at all does, or a large one would never get any.
  private void serve(List<Waiting> settled, boolean growing) {
    for (var each = waiting.iterator(); each.hasNext(); ) {
      var asked = each.next();
      if ((asked.lease.bytes > 0) != growing) {
        continue;
      }
      if (fits(asked)) {
        take(asked);
        each.remove();
        settled.add(asked);
      } else if (held + asked.more > total) {
        return;
      }
    }
  }

  private void refuseYoungestAtStandstill(List<Waiting> settled) {
    var growers =
        waiting.stream()
            .filter(asked -> asked.grows && asked.lease.bytes > 0)
            .sorted(Comparator.comparingLong(asked -> -asked.lease.number))
            .toList();
    long theirs = 0;
    var byUser = new HashMap<String, Long>();
    for (var grower : growers) {
      theirs += grower.lease.bytes;
      byUser.merge(grower.lease.user, grower.lease.bytes, Long::sum);
    }
    for (var youngest : growers) {
      var user = youngest.lease.user;
      long users = heldByUser.getOrDefault(user, 0L);
      boolean stuckOnShare =
          users + youngest.more > share && byUser.getOrDefault(user, 0L) == users;
      if (theirs == held || stuckOnShare) {
        waiting.remove(youngest);
        settled.add(youngest);
        return;
      }
    }
  }
}
