package dev.sallyport.proxy.front;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Looks again and again whether the files of the web door's certificates are others. It reads them
/// rather than wait for the file system to tell, since programs that renew certificates swap links
/// and folders.
final class CertificateWatch implements AutoCloseable {
  private final ScheduledExecutorService executor;

  private CertificateWatch(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  /// Starts to look.
  static CertificateWatch start(WebCertificates certificates, Duration every) {
    var executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sallyport-proxy-certificates").daemon().factory());
    var _ =
        executor.scheduleWithFixedDelay(
            certificates::reload, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    return new CertificateWatch(executor);
  }

  /// Waits for a look that is under way.
  @Override
  public void close() {
    executor.close();
  }
}
