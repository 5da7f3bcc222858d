package dev.sallyport.net;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Looks host names up with the system's resolver on a virtual thread: Netty's default one does it
/// on the event loop, where a slow name server would stop every connection. Of several addresses of
/// the preferred family it takes one at random, so that retries reach the others.
final class ThreadedResolverGroup extends AddressResolverGroup<InetSocketAddress> {
  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return new ThreadedResolver(executor).asAddressResolver();
  }

  private static final class ThreadedResolver extends InetNameResolver {
    ThreadedResolver(EventExecutor executor) {
      super(executor);
    }

    @Override
    protected void doResolve(String host, Promise<InetAddress> promise) {
      Thread.ofVirtual()
          .name("sallyport-resolve")
          .start(() -> {
            try {
              promise.trySuccess(ordered(host).getFirst());
            } catch (UnknownHostException e) {
              promise.tryFailure(e);
            }
          });
    }

    @Override
    protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {
      Thread.ofVirtual()
          .name("sallyport-resolve")
          .start(() -> {
            try {
              promise.trySuccess(ordered(host));
            } catch (UnknownHostException e) {
              promise.tryFailure(e);
            }
          });
    }

    private static List<InetAddress> ordered(String host) throws UnknownHostException {
      var all = new ArrayList<>(List.of(InetAddress.getAllByName(host)));
      var preferred = all.getFirst().getClass();
      Collections.shuffle(all);
      all.sort((a, b) -> Boolean.compare(b.getClass() == preferred, a.getClass() == preferred));
      return all;
    }
  }
}
