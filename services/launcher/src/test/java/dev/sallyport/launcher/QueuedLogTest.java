package dev.sallyport.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whoever logs never waits, and what is lost is told.
final class QueuedLogTest {
  /// A disk that takes nothing until it is let go.
  private static final class SlowDisk extends AppenderBase<ILoggingEvent> {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch free = new CountDownLatch(1);
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @Override
    protected void append(ILoggingEvent line) {
      begun.countDown();
      try {
        free.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      var pairs = line.getKeyValuePairs();
      lines.add(line.getLevel() + " " + line.getFormattedMessage() + (pairs == null ? "" : pairs));
    }
  }

  private final LoggerContext context = new LoggerContext();
  private final Logger logger = context.getLogger("test");
  private final SlowDisk disk = new SlowDisk();
  private final QueuedLog log = new QueuedLog(disk, logger, false);

  @BeforeEach
  void start() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    disk.setContext(context);
    disk.start();
    log.setContext(context);
    log.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    disk.free.countDown();
    context.stop();
  }

  @Test
  void stoppingWritesWhatWaitsInItsOrder() throws InterruptedException {
    logger.info("first");
    disk.begun.await();
    IntStream.range(0, 1000).forEach(n -> logger.info("line {}", n));
    disk.free.countDown();
    log.stop();
    assertThat(disk.lines).hasSize(1001).startsWith("INFO first", "INFO line 0");
    assertThat(disk.lines).endsWith("INFO line 999");
    assertThat(disk.isStarted()).isFalse();
  }

  @Test
  void beyondItsBoundLinesAreDroppedCountedAndToldAndWarningsStillHaveRoom()
      throws InterruptedException {
    logger.info("first");
    disk.begun.await();
    IntStream.range(0, QueuedLog.WAITING_MAX + 500).forEach(n -> logger.info("line {}", n));
    assertThat(log.waiting()).isEqualTo(QueuedLog.WAITING_MAX);
    logger.warn("a warning");
    logger.info("one more that is lost");
    IntStream.range(0, 2 * QueuedLog.URGENT_MAX).forEach(n -> logger.error("error {}", n));
    assertThat(log.waiting()).isEqualTo(QueuedLog.WAITING_MAX + QueuedLog.URGENT_MAX);
    disk.free.countDown();
    log.stop();
    var lost = 500 + 1 + QueuedLog.URGENT_MAX + 1;
    assertThat(disk.lines)
        .hasSize(1 + QueuedLog.WAITING_MAX + QueuedLog.URGENT_MAX + 1)
        .contains("WARN a warning", "ERROR error 0")
        .doesNotContain("INFO one more that is lost")
        .anyMatch(
            line -> line.startsWith("WARN log lines were dropped") && line.contains("" + lost));
  }

  /// Also under load from many threads, each line is written or counted.
  @Test
  void everyLineIsWrittenOrCounted() throws InterruptedException {
    disk.free.countDown();
    var threads =
        IntStream.range(0, 8)
            .mapToObj(t ->
                Thread.ofPlatform()
                    .start(() -> IntStream.range(0, 5000).forEach(n -> logger.info("x"))))
            .toList();
    for (var thread : threads) {
      thread.join();
    }
    log.stop();
    var written = disk.lines.stream().filter(line -> line.equals("INFO x")).count();
    var lost =
        disk.lines.stream()
            .filter(line -> line.startsWith("WARN"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("(?s).*lines=\"?(\\d+).*", "$1")))
            .sum();
    assertThat(written + lost).isEqualTo(40_000);
  }
}
