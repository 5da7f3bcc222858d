package dev.sallyport.agent.labels;

import dev.sallyport.model.Database;
import dev.sallyport.model.DynamicLabel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The databases of this agent with what their labels' commands said last. A command that fails
/// leaves the last value standing; a label is absent until its command succeeded once, for which
/// the start waits.
///
/// Each command runs on a virtual thread of its own. For any thread; who starts it closes it.
public final class CommandLabels implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommandLabels.class);

  private final Runnable changed;
  private final Duration limit;
  private final AtomicLong version = new AtomicLong();
  private volatile Map<String, Labelled> databases;

  /// @param changed runs after each change of a value
  public CommandLabels(List<Database> databases, Runnable changed) {
    this(databases, changed, LabelCommand.LIMIT);
  }

  CommandLabels(List<Database> databases, Runnable changed, Duration limit) {
    this.changed = changed;
    this.limit = limit;
    this.databases = with(Map.of(), databases);
  }

  /// Runs every command once, all at a time, and then each on its period.
  public void start() {
    start(databases.values().stream().toList());
  }

  /// Goes on with these databases: one that is the same goes on with its values, what is new is
  /// started as at the start, the commands of the others end.
  public synchronized void replace(List<Database> others) {
    var before = databases;
    var after = with(before, others);
    start(after.values().stream().filter(one -> !before.containsValue(one)).toList());
    databases = after;
    version.incrementAndGet();
    before.values().stream().filter(one -> !after.containsValue(one)).forEach(Labelled::stop);
  }

  private Map<String, Labelled> with(Map<String, Labelled> before, List<Database> wanted) {
    var after = new LinkedHashMap<String, Labelled>();
    for (var database : wanted) {
      var last = before.get(database.name());
      boolean same = last != null && last.written.equals(database);
      after.put(database.name(), same ? last : new Labelled(database));
    }
    return after;
  }

  private static void start(List<Labelled> all) {
    int commands = all.stream().mapToInt(one -> one.written.dynamicLabels().size()).sum();
    var first = new CountDownLatch(commands);
    all.forEach(one -> one.start(first));
    try {
      first.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The database as its labels are now.
  public Database current(Database database) {
    var known = databases.get(database.name());
    return known == null ? database : known.now;
  }

  /// All of them, in the order of the config file.
  public List<Database> all() {
    return databases.values().stream().map(one -> one.now).toList();
  }

  /// Goes up with each change.
  public long version() {
    return version.get();
  }

  @Override
  public synchronized void close() {
    databases.values().forEach(Labelled::stop);
  }

  /// One database and the threads of its commands.
  private final class Labelled {
    final Database written;
    volatile Database now;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    Labelled(Database written) {
      this.written = written;
      this.now = written;
    }

    void start(CountDownLatch first) {
      written
          .dynamicLabels()
          .forEach((key, label) ->
              threads.add(
                  Thread.ofVirtual()
                      .name("sallyport-label-" + key)
                      .start(() -> keep(key, label, first))));
    }

    void stop() {
      stopped.countDown();
      threads.forEach(Thread::interrupt);
    }

    private void keep(String key, DynamicLabel label, CountDownLatch first) {
      try {
        do {
          run(key, label);
          first.countDown();
        } while (!stopped.await(label.period().toMillis(), TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        first.countDown();
      }
    }

    private void run(String key, DynamicLabel label) throws InterruptedException {
      try {
        set(key, new LabelCommand(label.command(), limit).run());
      } catch (IOException e) {
        LOG.atWarn()
            .addKeyValue("database", written.name())
            .addKeyValue("label", key)
            .addKeyValue("reason", e.getMessage())
            .log("The command of a dynamic label failed; the label stays as it was");
      }
    }

    private void set(String key, String value) {
      boolean other;
      synchronized (this) {
        var before = now;
        var labels = new LinkedHashMap<>(before.dynamicLabels());
        labels.computeIfPresent(key, (_, label) -> label.withValue(value));
        now = before.withDynamicLabels(labels);
        other = !now.equals(before);
      }
      if (other) {
        version.incrementAndGet();
        changed.run();
      }
    }
  }
}
