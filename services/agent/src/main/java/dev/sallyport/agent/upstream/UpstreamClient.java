package dev.sallyport.agent.upstream;

import dev.sallyport.agent.aws.AwsClock;
import dev.sallyport.agent.signing.SignedRequest;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.pki.SystemTrust;
import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/// Sends signed requests to AWS over connections that are kept for each destination and event loop,
/// so that a request stays on the loop of the client that sent it.
///
/// A request is sent once. It is tried on another connection only when nothing of it was handed to
/// an open socket. Whoever starts it closes it.
public final class UpstreamClient implements AutoCloseable {
  private final UpstreamDialer dialer;
  private final UpstreamLimits limits;
  private final AwsClock clock;
  private final ConcurrentHashMap<EventLoop, LoopPool> pools = new ConcurrentHashMap<>();

  /// @param trust whom to believe where a database names no authorities of its own
  /// @param blocking runs the checks of certificates
  /// @param clock is told the time of each answer
  public UpstreamClient(
      NetRuntime runtime,
      SystemTrust trust,
      UpstreamLimits limits,
      Executor blocking,
      AwsClock clock) {
    this.dialer = new UpstreamDialer(runtime, trust, limits, blocking);
    this.limits = limits;
    this.clock = clock;
  }

  /// Sends; to be called on that loop, on which the sink is told what comes back.
  public Exchange send(EventLoop loop, SignedRequest request, AnswerSink sink) {
    var exchange = new Exchange(request, sink);
    pools.computeIfAbsent(loop, it -> new LoopPool(it, dialer, limits, clock)).send(exchange);
    return exchange;
  }

  /// Connections to AWS that are open or opening.
  public int connections() {
    return dialer.open();
  }

  /// Closes the kept connections; returns at once. Exchanges that are under way go on.
  @Override
  public void close() {
    pools.forEach((loop, pool) -> {
      if (!loop.isShuttingDown()) {
        loop.execute(pool::close);
      }
    });
  }
}
