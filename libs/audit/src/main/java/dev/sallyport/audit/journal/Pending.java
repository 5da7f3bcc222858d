package dev.sallyport.audit.journal;

import dev.sallyport.audit.RequestJournal.Begun;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Something that the writer has to do, in the order of the queue.
sealed interface Pending {

  /// Bytes that wait with it.
  int size();

  /// An intent; somebody waits for it.
  ///
  /// @param since when it began to wait, by [System#nanoTime]
  record Intent(Staged staged, Begun begun, long since, AtomicReference<Step> step)
      implements Pending {
    Intent(Staged staged, Begun begun, long since) {
      this(staged, begun, since, new AtomicReference<>(Step.WAITING));
    }

    /// Whether the caller takes this step; only one can.
    boolean leaves(Step next) {
      return step.compareAndSet(Step.WAITING, next);
    }

    @Override
    public int size() {
      return staged.record.length;
    }
  }

  /// How far an intent is.
  enum Step {
    /// Somebody waits.
    WAITING,
    /// It is written and that was told.
    TOLD,
    /// It took too long, and that was told.
    GIVEN_UP
  }

  /// A record for which nobody waits.
  record Entry(Staged staged) implements Pending {
    @Override
    public int size() {
      return staged.record.length;
    }
  }

  /// To begin another chain.
  record StartOver(String reason, CountDownLatch done) implements Pending {
    @Override
    public int size() {
      return 0;
    }
  }

  /// Records of another chain to be written again; where they come from stays until they are on the
  /// disk.
  ///
  /// @param done ends with whether they are
  record Copy(List<Staged> staged, CompletableFuture<Boolean> done) implements Pending {
    public Copy {
      staged = List.copyOf(staged);
    }

    @Override
    public int size() {
      return staged.stream().mapToInt(one -> one.record.length).sum();
    }
  }

  /// Whether it is handled by itself.
  default boolean isAlone() {
    return switch (this) {
      case StartOver _, Copy _ -> true;
      case Intent _, Entry _, Nudge _ -> false;
    };
  }

  /// Whether somebody waits for it.
  default boolean hastes() {
    return !(this instanceof Entry);
  }

  /// Nothing; it only wakes the writer.
  record Nudge() implements Pending {
    @Override
    public int size() {
      return 0;
    }
  }

  /// The record to be written; null when there is none.
  default @Nullable Staged record() {
    return switch (this) {
      case Intent intent -> intent.step().get() == Step.GIVEN_UP ? null : intent.staged();
      case Entry entry -> entry.staged();
      case StartOver _, Copy _, Nudge _ -> null;
    };
  }
}
