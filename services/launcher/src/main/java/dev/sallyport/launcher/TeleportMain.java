package dev.sallyport.launcher;

import dev.sallyport.diagnostics.HeapBound;
import dev.sallyport.diagnostics.ProcessSignal;
import dev.sallyport.pki.JavaCryptography;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/// The `teleport` command as a process. TERM and INT end it with exit code 0 after the services
/// were closed, or with 1 when that took too long. HUP makes `start` read its file again.
public final class TeleportMain {
  /// How long closing may take after a signal.
  static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);

  private TeleportMain() {}

  /// Runs the command and ends the process.
  public static void main(String[] arguments) {
    JavaCryptography.leaveOutUnused();
    var main = Thread.currentThread();
    var ended = new AtomicBoolean();
    var signalled = new AtomicBoolean();
    var stop =
        Thread.ofPlatform()
            .name("sallyport-stop")
            .unstarted(() -> {
              if (!ended.get()) {
                signalled.set(true);
                stop(main);
              }
            });
    Runtime.getRuntime().addShutdownHook(stop);
    var reloads = new Reloads();
    if (!ProcessSignal.HANG_UP.take(reloads::ask)) {
      reloads.signalIsIgnored();
    }
    int code;
    try (var _ = HeapBound.start(HeapBound.SERVICE)) {
      code =
          Teleport.run(
              arguments, System.out, System.err, System.getenv(), InstantSource.system(), reloads);
    }
    // After a signal the process is ending already, and waits for this thread to.
    if (!signalled.get()) {
      ended.set(true);
      System.exit(code);
    }
  }

  private static void stop(Thread main) {
    main.interrupt();
    int code;
    try {
      code = main.join(CLOSE_WITHIN) ? 0 : 1;
    } catch (InterruptedException e) {
      code = 1;
    }
    System.out.flush();
    System.err.flush();
    // Otherwise the JVM tells the signal's number, which a service manager takes for a failure.
    Runtime.getRuntime().halt(code);
  }
}
