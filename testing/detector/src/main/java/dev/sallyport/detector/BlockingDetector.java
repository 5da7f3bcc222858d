package dev.sallyport.detector;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingStream;

/**
 * Watches the event loops of this JVM through its flight recorder: each park, sleep, monitor wait
 * and blocking socket read of a thread whose name begins with {@value #LOOP_PREFIX} is kept with
 * its stack. Waiting for I/O in the selector itself is not such an event. Costs nothing on the
 * watched threads beyond the recorder's own.
 */
public final class BlockingDetector implements AutoCloseable {
  /** How the event loops of this product are named. */
  public static final String LOOP_PREFIX = "sallyport-loop-";

  private static final List<String> WAITS =
      List.of("jdk.ThreadPark", "jdk.ThreadSleep", "jdk.JavaMonitorWait", "jdk.SocketRead");
  private static final String NETTY_NIO = "io.netty.channel.nio.AbstractNioByteChannel";
  private static final String NETTY_GLOBAL = "io.netty.util.concurrent.GlobalEventExecutor";
  private static final String LOCKS = "java.util.concurrent.locks.";
  private static final String OURS = "dev.sallyport.";
  private static final Set<String> LOCKING =
      Set.of("lock", "lockInterruptibly", "readLock", "writeLock");
  private static final Duration BRIEF = Duration.ofSeconds(1);
  private static final int FRAMES = 25;

  private final RecordingStream stream = new RecordingStream();
  private final Queue<String> found = new ConcurrentLinkedQueue<>();

  /** Starts watching. */
  public BlockingDetector() {
    for (String wait : WAITS) {
      stream.enable(wait).withoutThreshold().withStackTrace();
      stream.onEvent(wait, this::judge);
    }
    stream.startAsync();
  }

  /** Stops watching and returns each wait that was seen, as text with its stack. */
  public List<String> finish() {
    stream.stop();
    return List.copyOf(found);
  }

  @Override
  public void close() {
    stream.close();
  }

  private void judge(RecordedEvent event) {
    RecordedThread thread = event.getThread();
    if (thread != null
        && thread.getJavaName() != null
        && thread.getJavaName().startsWith(LOOP_PREFIX)
        && event.getStackTrace() != null
        && isWait(event)) {
      found.add(describe(event, thread));
    }
  }

  /**
   * Netty's NIO channels read without blocking, yet the recorder reports each read; and waiting for
   * another thread to initialise a class is reported as a monitor wait that nobody called. A loop
   * that has ended tells so through Netty's global executor, whose queue has a lock.
   */
  private static boolean isWait(RecordedEvent event) {
    List<RecordedFrame> frames = event.getStackTrace().getFrames();
    return switch (event.getEventType().getName()) {
      case "jdk.SocketRead" -> frames.stream().noneMatch(frame -> isIn(frame, NETTY_NIO));
      case "jdk.ThreadPark" ->
          frames.stream().noneMatch(frame -> isIn(frame, NETTY_GLOBAL))
              && !(isBrief(event) && isMeeting(frames));
      case "jdk.JavaMonitorWait" ->
          frames.stream()
              .limit(2)
              .anyMatch(frame ->
                  frame.getMethod().getType().getName().equals("java.lang.Object")
                      && frame.getMethod().getName().startsWith("wait"));
      default -> true;
    };
  }

  /**
   * Two threads may meet for an instant at a lock that a library has around a few words of memory:
   * that of a queue, a logger, Netty's allocator. On a busy machine the other one may be put aside
   * while it has the lock. What is not ours to leave out is told when it takes a second; a lock of
   * our own is always told, and so is waiting for something to happen.
   */
  private static boolean isMeeting(List<RecordedFrame> frames) {
    List<RecordedFrame> parking =
        frames.stream()
            .takeWhile(frame -> isIn(frame, LOCKS) || isIn(frame, "jdk.internal."))
            .toList();
    return !parking.isEmpty()
        && LOCKING.contains(parking.getLast().getMethod().getName())
        && parking.size() < frames.size()
        && !isIn(frames.get(parking.size()), OURS);
  }

  private static boolean isBrief(RecordedEvent event) {
    return event.getDuration().compareTo(BRIEF) < 0;
  }

  private static boolean isIn(RecordedFrame frame, String type) {
    return frame.getMethod().getType().getName().startsWith(type);
  }

  private static String describe(RecordedEvent event, RecordedThread thread) {
    String stack =
        event.getStackTrace().getFrames().stream()
            .limit(FRAMES)
            .map(BlockingDetector::frame)
            .collect(Collectors.joining("\n    at ", "    at ", ""));
    return "%s waited (%s, %d µs)\n%s"
        .formatted(
            thread.getJavaName(),
            event.getEventType().getName(),
            event.getDuration().toNanos() / 1000,
            stack);
  }

  private static String frame(RecordedFrame frame) {
    return frame.getMethod().getType().getName()
        + "."
        + frame.getMethod().getName()
        + ":"
        + frame.getLineNumber();
  }
}
