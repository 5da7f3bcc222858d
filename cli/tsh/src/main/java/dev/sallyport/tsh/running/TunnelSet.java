package dev.sallyport.tsh.running;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.tsh.localproxy.Admission;
import dev.sallyport.tsh.localproxy.LocalKey;
import dev.sallyport.tsh.localproxy.LocalProxy;
import dev.sallyport.tsh.localproxy.LocalProxyLimits;
import dev.sallyport.tsh.tunnel.DatabaseCertificates;
import dev.sallyport.tsh.tunnel.RouteCredential;
import dev.sallyport.tsh.tunnel.TunnelConnections;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/// Tunnels that are open together and end together, on one event loop. Safe from any thread;
/// closing it twice is harmless.
public final class TunnelSet implements AutoCloseable {
  /// How long requests that are under way have when a tunnel ends.
  static final Duration DRAIN = Duration.ofSeconds(3);

  private final NetRuntime runtime = new NetRuntime("tsh", 1, TlsProvider.best());
  private final List<Open> open = new ArrayList<>();
  private final Optional<LocalKey> key;
  private final RandomGenerator random;

  private record Open(
      Planned planned, LocalProxy proxy, Future<?> upkeep, DatabaseCertificates certificates) {}

  /// A tunnel that is to be opened.
  ///
  /// @param first the certificate to begin with
  /// @param address where to listen; port 0 takes a free one
  public record Planned(
      DatabaseCertificates certificates,
      RouteCredential first,
      String region,
      InetSocketAddress address) {}

  private TunnelSet(Optional<LocalKey> key, RandomGenerator random) {
    this.key = key;
    this.random = random;
  }

  /// Opens them all, or none.
  ///
  /// @param key what clients must sign with, as the admission's gate knows it
  /// @param renewed hears of each new certificate
  /// @param random spreads what many tunnels would do at once; used on the event loop
  /// @throws CommandFailure when an address can't be had
  public static TunnelSet open(
      List<Planned> planned,
      Admission admission,
      Optional<LocalKey> key,
      BiConsumer<String, RouteCredential> renewed,
      RandomGenerator random) {
    var set = new TunnelSet(key, random);
    try {
      for (var plan : planned) {
        set.add(plan, admission, renewed);
      }
      return set;
    } catch (IOException e) {
      set.close();
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      set.close();
      throw e;
    }
  }

  private void add(Planned plan, Admission admission, BiConsumer<String, RouteCredential> renewed)
      throws IOException {
    var connections = new TunnelConnections(runtime, plan.certificates());
    var proxy =
        LocalProxy.open(
            new LocalProxy.Place(
                runtime.loops().next(), runtime.serverChannelType(), plan.address(), admission),
            connections,
            LocalProxyLimits.standard(),
            random);
    plan.certificates()
        .renewing(credential -> {
          proxy.renewed(credential);
          renewed.accept(plan.certificates().wish().database(), credential);
        });
    open.add(new Open(plan, proxy, connections.keepFresh(), plan.certificates()));
  }

  /// What clients need to know, in the order of opening.
  public List<TunnelInfo> infos() {
    return open.stream()
        .map(tunnel -> {
          var wish = tunnel.certificates().wish();
          var first = tunnel.planned().first();
          return new TunnelInfo(
              wish.database(),
              wish.dbUser(),
              first.clusterName(),
              tunnel.planned().region(),
              // As it was asked for: what is bound to every address has several names.
              new InetSocketAddress(
                  tunnel.planned().address().getAddress(), tunnel.proxy().address().getPort()),
              tunnel.certificates().validUntil().orElse(first.validUntil()),
              key);
        })
        .toList();
  }

  /// Lets requests that are under way be answered, for [#DRAIN] at most, and ends all tunnels.
  @Override
  public void close() {
    long end = System.nanoTime() + DRAIN.toNanos();
    for (var tunnel : open) {
      tunnel.proxy().drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
    for (var tunnel : open) {
      tunnel.upkeep().cancel(false);
      tunnel.proxy().close();
    }
    runtime.close();
  }
}
