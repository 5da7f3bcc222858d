package dev.sallyport.auth.watch;

import dev.sallyport.auth.state.Keys;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.WatchEvent;
import dev.sallyport.control.WatchType;
import dev.sallyport.model.Kind;
import dev.sallyport.store.FeedPage;
import dev.sallyport.store.StateStore;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// One watcher's stream: JSON lines until the watcher goes, is put out, or the service stops.
///
/// ```
/// since unknown or too old:  reset put put … synced   then  (put | delete | beat)…
/// since known:               put delete …    synced   then  (put | delete | beat)…
/// ```
///
/// The stream holds nothing but its place in the feed, so a slow watcher costs no memory; the
/// connection's idle limit ends one that does not read. A beat at least every 250 ms tells that the
/// view is fresh: whatever was committed before it was sent stands before it.
final class WatchStream {
  /// Longest silence.
  static final Duration BEAT = Duration.ofMillis(250);

  private static final String OF_DATABASES = Kind.DB.wireName();
  private static final int PAGE = 500;
  private static final long RECHECK_NANOS = Duration.ofSeconds(1).toNanos();

  private final StateStore store;
  private final Set<Kind> kinds;
  private final Predicate<String> databases;
  private final OutputStream out;
  private long cursor;
  private long lastBeat;
  private long lastCheck;

  /// @param databases the names of databases that the watcher may hear of
  WatchStream(StateStore store, Set<Kind> kinds, Predicate<String> databases, OutputStream out) {
    this.store = store;
    this.kinds = kinds;
    this.databases = databases;
    this.out = out;
  }

  /// Streams.
  ///
  /// @param since the last revision that the watcher knows; 0 = none
  /// @param mayGoOn asked once a second
  /// @param stopping asked at each turn
  void run(long since, BooleanSupplier mayGoOn, BooleanSupplier stopping)
      throws IOException, InterruptedException {
    cursor = since;
    lastCheck = System.nanoTime();
    if (since <= 0) {
      snapshot();
    } else {
      catchUp();
    }
    while (!stopping.getAsBoolean()) {
      var now = System.nanoTime();
      if (now - lastCheck >= RECHECK_NANOS) {
        if (!mayGoOn.getAsBoolean()) {
          return;
        }
        lastCheck = now;
      }
      var left = Math.max(0, BEAT.toNanos() - (now - lastBeat));
      if (store.awaitBeyond(cursor, Duration.ofNanos(left)) > cursor) {
        drain(store.revision());
      }
      if (System.nanoTime() - lastBeat >= BEAT.toNanos()) {
        beat();
      }
      out.flush();
    }
  }

  private void catchUp() throws IOException {
    if (drain(store.revision())) {
      send(WatchEvent.mark(WatchType.SYNCED, cursor));
      out.flush();
    }
    lastBeat = System.nanoTime();
  }

  /// Sends what the feed holds up to a revision.
  ///
  /// @return false if the feed did not reach back, so that a new picture was sent instead
  private boolean drain(long until) throws IOException {
    while (cursor < until) {
      switch (store.changes(cursor, WatchView.prefixes(kinds), PAGE)) {
        case FeedPage.Gap _ -> {
          snapshot();
          return false;
        }
        case FeedPage.Changes page -> {
          for (var change : page.changes()) {
            send(WatchView.event(change, kinds));
          }
          cursor = page.upTo();
        }
      }
    }
    // A watcher from the future: the store was set back.
    if (cursor > store.revision()) {
      snapshot();
      return false;
    }
    return true;
  }

  /// The revision is taken before reading, so what is committed meanwhile comes again in the feed.
  private void snapshot() throws IOException {
    cursor = store.revision();
    send(WatchEvent.mark(WatchType.RESET, cursor));
    for (var kind : kinds) {
      for (var item : store.all(Keys.prefix(kind))) {
        send(WatchView.put(item, cursor));
      }
    }
    send(WatchEvent.mark(WatchType.SYNCED, cursor));
    out.flush();
    lastBeat = System.nanoTime();
  }

  private void beat() throws IOException {
    send(WatchEvent.mark(WatchType.BEAT, cursor));
    lastBeat = System.nanoTime();
  }

  private void send(WatchEvent event) throws IOException {
    if (event.kind().filter(OF_DATABASES::equals).isPresent()
        && event.name().filter(databases).isEmpty()) {
      return;
    }
    out.write(ControlJson.bytes(event));
    out.write('\n');
  }
}
