package dev.sallyport.launcher;

import dev.sallyport.net.NoticeSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the service manager how the process fares, as sd_notify(3) has it, where the environment
/// names its socket; else does nothing. What can't be told is in the log and stops nothing.
///
/// The watchdog's sign of life is sent only while the parts that do the work answer: without one in
/// time, the manager starts the process anew. Whether a peer is in sight plays no part in it, since
/// a start would not help.
final class ServiceNotices implements AutoCloseable {
  /// Whether what must not stand still does its work.
  @FunctionalInterface
  interface Pulse {
    /// @param within how long it may take
    boolean beats(Duration within) throws InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(ServiceNotices.class);
  private static final long NANOS_PER_MICRO = 1_000;

  private final Optional<NoticeSocket> socket;
  private final Optional<Duration> watchdog;
  private final CountDownLatch closing = new CountDownLatch(1);

  private ServiceNotices(Optional<NoticeSocket> socket, Optional<Duration> watchdog) {
    this.socket = socket;
    this.watchdog = watchdog;
  }

  /// For a process with that environment: `NOTIFY_SOCKET`, `WATCHDOG_USEC`, `WATCHDOG_PID`.
  static ServiceNotices of(Map<String, String> env, long pid) {
    var address = env.getOrDefault("NOTIFY_SOCKET", "");
    if (!address.startsWith("/") && !address.startsWith("@")) {
      return new ServiceNotices(Optional.empty(), Optional.empty());
    }
    try {
      return new ServiceNotices(Optional.of(NoticeSocket.open(address)), watchdog(env, pid));
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("The service manager can't be told how this process fares (NOTIFY_SOCKET)");
      return new ServiceNotices(Optional.empty(), Optional.empty());
    }
  }

  private static Optional<Duration> watchdog(Map<String, String> env, long pid) {
    var of = env.get("WATCHDOG_PID");
    var micros = env.getOrDefault("WATCHDOG_USEC", "");
    if ((of != null && !of.equals(Long.toString(pid))) || !micros.matches("[1-9][0-9]{0,15}")) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(Long.parseLong(micros) * NANOS_PER_MICRO));
  }

  /// The services were started; from now on signs of life follow, while the pulse beats.
  void ready(Pulse pulse) {
    send("READY=1");
    if (socket.isPresent() && watchdog.isPresent()) {
      var every = watchdog.get().dividedBy(3);
      // A platform thread: it must tell when virtual ones stand still.
      Thread.ofPlatform().daemon().name("sallyport-watchdog").start(() -> watch(pulse, every));
    }
  }

  private void watch(Pulse pulse, Duration every) {
    try {
      do {
        if (pulse.beats(every)) {
          send("WATCHDOG=1");
        } else {
          LOG.atError().log("A part of this process stands still; the watchdog is not told");
        }
      } while (!closing.await(every.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The configuration is read again.
  void reloading() {
    send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / NANOS_PER_MICRO);
  }

  /// That is done.
  void reloaded() {
    send("READY=1");
  }

  /// The process was told to stop, and does.
  void stopping() {
    send("STOPPING=1");
  }

  private void send(String text) {
    if (socket.isEmpty()) {
      return;
    }
    try {
      socket.get().send(text);
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("The service manager was not told");
    }
  }

  @Override
  public void close() {
    closing.countDown();
    socket.ifPresent(NoticeSocket::close);
  }
}
