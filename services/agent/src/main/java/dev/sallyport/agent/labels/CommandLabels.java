package dev.sallyport.agent.labels;

import dev.sallyport.model.Database;
import dev.sallyport.model.DynamicLabel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

  private final Map<String, Database> databases = new ConcurrentHashMap<>();
  private final List<String> names;
  private final Runnable changed;
  private final Duration limit;
  private final AtomicLong version = new AtomicLong();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  /// @param changed runs after each change of a value
  public CommandLabels(List<Database> databases, Runnable changed) {
    this(databases, changed, LabelCommand.LIMIT);
  }

  CommandLabels(List<Database> databases, Runnable changed, Duration limit) {
    this.names = databases.stream().map(Database::name).toList();
    databases.forEach(database -> this.databases.put(database.name(), database));
    this.changed = changed;
    this.limit = limit;
  }

  /// Runs every command once, all at a time, and then each on its period.
  public void start() {
    int commands = databases.values().stream().mapToInt(db -> db.dynamicLabels().size()).sum();
    var first = new CountDownLatch(commands);
    for (var database : databases.values()) {
      database
          .dynamicLabels()
          .forEach((key, label) ->
              threads.add(
                  Thread.ofVirtual()
                      .name("sallyport-label-" + key)
                      .start(() -> keep(database.name(), key, label, first))));
    }
    try {
      first.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The database as its labels are now.
  public Database current(Database database) {
    return databases.getOrDefault(database.name(), database);
  }

  /// All of them, in the order of the config file.
  public List<Database> all() {
    return names.stream().map(name -> databases.get(name)).toList();
  }

  /// Goes up with each change.
  public long version() {
    return version.get();
  }

  private void keep(String database, String key, DynamicLabel label, CountDownLatch first) {
    try {
      do {
        run(database, key, label);
        first.countDown();
      } while (!stopped.await(label.period().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      first.countDown();
    }
  }

  private void run(String database, String key, DynamicLabel label) throws InterruptedException {
    try {
      set(database, key, new LabelCommand(label.command(), limit).run());
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("database", database)
          .addKeyValue("label", key)
          .addKeyValue("reason", e.getMessage())
          .log("The command of a dynamic label failed; the label stays as it was");
    }
  }

  private void set(String name, String key, String value) {
    var before = databases.get(name);
    var after =
        databases.computeIfPresent(
            name,
            (_, database) -> {
              var labels = new LinkedHashMap<>(database.dynamicLabels());
              labels.computeIfPresent(key, (_, label) -> label.withValue(value));
              return database.withDynamicLabels(labels);
            });
    if (after != null && !after.equals(before)) {
      version.incrementAndGet();
      changed.run();
    }
  }

  @Override
  public void close() {
    stopped.countDown();
    threads.forEach(Thread::interrupt);
  }
}
