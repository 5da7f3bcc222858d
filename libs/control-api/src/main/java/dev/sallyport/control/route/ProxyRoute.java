package dev.sallyport.control.route;

import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.Way;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where connections to a Proxy are dialled. Straight to its port, until one of them fails in its
/// TLS: then the way is looked at, and if a load balancer ends TLS there, later connections go to a
/// [UpgradeBridge] of this process, which takes them through the balancer as they are. So the
/// straight way costs nothing, and nobody has to know of the balancer.
///
/// Safe from any thread. Whoever makes it closes it; connections through the bridge end then.
public final class ProxyRoute implements Way, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProxyRoute.class);

  /// How long a look counts: failures often come in flocks.
  private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(10);

  private final ControlEndpoint proxy;
  private final UpgradeWish wish;
  private final LongSupplier nanos;
  private @Nullable UpgradeBridge bridge;
  private boolean looked;
  private long lookedAt;
  private boolean closed;

  /// @param nanos a clock that never goes back, such as `System::nanoTime`
  public ProxyRoute(ControlEndpoint proxy, UpgradeWish wish, LongSupplier nanos) {
    this.proxy = proxy;
    this.wish = wish;
    this.nanos = nanos;
  }

  @Override
  public ControlEndpoint server() {
    return proxy;
  }

  @Override
  public synchronized ControlEndpoint now() {
    if (wish == UpgradeWish.ALWAYS && bridge == null) {
      open();
    }
    return bridge == null ? proxy : bridge.address();
  }

  /// Looks whether something ends TLS on the way.
  @Override
  public synchronized boolean lookAgain() {
    if (wish != UpgradeWish.WHERE_NEEDED || bridge != null || closed) {
      return false;
    }
    long now = nanos.getAsLong();
    if (looked && now - lookedAt < LOOK_AGAIN_AFTER.toNanos()) {
      return false;
    }
    looked = true;
    lookedAt = now;
    if (!UpgradeProbe.endsTls(proxy)) {
      return false;
    }
    log.atInfo()
        .addKeyValue("proxy", proxy)
        .log("a load balancer ends TLS before the Proxy; connections are upgraded");
    open();
    return bridge != null;
  }

  private void open() {
    if (closed) {
      return;
    }
    try {
      bridge = UpgradeBridge.to(proxy);
    } catch (IOException e) {
      log.atWarn().setCause(e).log("no port of this machine for connections to the Proxy");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (bridge != null) {
      bridge.close();
      bridge = null;
    }
  }
}
