package dev.sallyport.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The event loops of one process part, with the kind of sockets and of TLS they use.
///
/// Threads start with the first channel and are named `sallyport-loop-<name>-N`; nothing on them
/// may wait. Safe from any thread. Whoever made it closes it, after closing what it opened there.
public final class NetRuntime implements AutoCloseable {
  /// How long a connection attempt may take.
  public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private static final int BACKLOG = 1024;
  private static final Duration QUIET = Duration.ZERO;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final EventLoopGroup loops;
  private final Transport transport;
  private final TlsProvider tls;
  private final ThreadedResolverGroup resolver;

  /// Event loops on the best transport of this machine.
  public NetRuntime(String name, int threads, TlsProvider tls) {
    this(name, threads, tls, Transport.best());
  }

  /// Event loops on a chosen transport.
  public NetRuntime(String name, int threads, TlsProvider tls, Transport transport) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: > 0)");
    }
    this.loops =
        new MultiThreadIoEventLoopGroup(
            threads,
            new DefaultThreadFactory("sallyport-loop-" + name, true),
            transport.ioHandlers());
    this.transport = transport;
    this.tls = tls;
    this.resolver = new ThreadedResolverGroup();
  }

  /// How many event loops a server runs: half as many as there are processors, at least one. A loop
  /// that finds several connections ready does with one wake-up what two loops do with two, and
  /// what is not done by a loop (the journal, hand-shakes with AWS, virtual threads) has the other
  /// half.
  public static int loopsOfThisMachine() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  /// The event loops.
  public EventLoopGroup loops() {
    return loops;
  }

  /// The TLS provider for channels of this runtime.
  public TlsProvider tls() {
    return tls;
  }

  /// The class of listening TCP sockets.
  public Class<? extends ServerChannel> serverChannelType() {
    return transport.serverChannelType();
  }

  /// The class of connected TCP sockets.
  public Class<? extends Channel> channelType() {
    return transport.channelType();
  }

  /// A client bootstrap over all loops: TCP, no delay, keep-alive, connect timeout; host names are
  /// looked up off the event loop.
  public Bootstrap client() {
    return client(loops);
  }

  /// As [#client()], for channels that shall live on one given loop.
  public Bootstrap client(EventLoop home) {
    return client((EventLoopGroup) home);
  }

  /// A client bootstrap for the given address: TCP, or a Unix socket for a
  /// [UnixDomainSocketAddress].
  public Bootstrap clientFor(EventLoop home, SocketAddress target) {
    if (target instanceof UnixDomainSocketAddress || target instanceof DomainSocketAddress) {
      return new Bootstrap()
          .group(home)
          .channel(transport.domainChannelType())
          .remoteAddress(domainAddress(target));
    }
    return client(home).remoteAddress(target);
  }

  private SocketAddress domainAddress(SocketAddress target) {
    return switch (transport) {
      case EPOLL ->
          target instanceof UnixDomainSocketAddress jdk
              ? new DomainSocketAddress(jdk.getPath().toString())
              : target;
      case NIO ->
          target instanceof DomainSocketAddress netty
              ? UnixDomainSocketAddress.of(netty.path())
              : target;
    };
  }

  private Bootstrap client(EventLoopGroup group) {
    return new Bootstrap()
        .group(group)
        .channel(channelType())
        .resolver(resolver)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis());
  }

  /// A server bootstrap over all loops: TCP, no delay, keep-alive.
  public ServerBootstrap server() {
    return new ServerBootstrap()
        .group(loops)
        .channel(serverChannelType())
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true);
  }

  /// A server bootstrap over all loops for a Unix socket, which must not exist yet.
  public ServerBootstrap serverAt(UnixDomainSocketAddress address) {
    return new ServerBootstrap()
        .group(loops)
        .channel(transport.serverDomainChannelType())
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .localAddress(domainAddress(address));
  }

  /// Whether each of the event loops does work within that time. Not to be called from one of them.
  public boolean answers(Duration within) throws InterruptedException {
    var all = new ArrayList<EventExecutor>();
    loops.forEach(all::add);
    var answered = new CountDownLatch(all.size());
    all.forEach(loop -> loop.execute(answered::countDown));
    return answered.await(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Closes every channel that is still open and ends the threads; waits up to two seconds. Not to
  /// be called from one of its own loops.
  @Override
  public void close() {
    loops.shutdownGracefully(QUIET.toMillis(), CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    resolver.close();
    try {
      loops.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
