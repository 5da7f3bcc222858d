package dev.sallyport.e2e;

import dev.sallyport.testkit.site.Site;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A browser that comes to the Proxy's web door again and again, on a new connection each time, and
 * does not try again.
 */
final class Visits implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int PATIENCE_MILLIS = 20_000;

  private final Site site;
  private final SSLContext trust;
  private final ScheduledExecutorService browser = Executors.newSingleThreadScheduledExecutor();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong succeeded = new AtomicLong();
  private volatile @Nullable X509Certificate shown;

  private Visits(Site site, SSLContext trust) {
    this.site = site;
    this.trust = trust;
  }

  static Visits start(GuideSite guide) {
    Visits visits = new Visits(guide.site, guide.browserTrust());
    visits.browser.scheduleWithFixedDelay(
        visits::visit, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    return visits;
  }

  private void visit() {
    try (SSLSocket socket =
        (SSLSocket) trust.getSocketFactory().createSocket("localhost", site.webPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.startHandshake();
      socket
          .getOutputStream()
          .write(
              "GET /webapi/find HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                  .formatted(site.proxyAddress())
                  .getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (!answer.startsWith("HTTP/1.1 200 ")) {
        failures.add(answer.lines().findFirst().orElse("an empty answer"));
        return;
      }
      shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      succeeded.incrementAndGet();
    } catch (IOException | RuntimeException e) {
      failures.add(e.toString());
    }
  }

  /** What was shown at the last visit. */
  X509Certificate shown() {
    return Objects.requireNonNull(shown, "no visit yet");
  }

  long succeeded() {
    return succeeded.get();
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    browser.shutdownNow();
  }
}
