package dev.sallyport.proxy.front;

import dev.sallyport.pki.TlsIdentity;
import io.netty.handler.ssl.SslContext;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A TLS context over the Proxy's own certificate, made anew when that one was renewed. Safe from
/// any thread.
final class HostContext implements Supplier<SslContext> {
  private final Supplier<TlsIdentity> identity;
  private final Function<TlsIdentity, SslContext> make;
  private volatile @Nullable Made made;

  private record Made(TlsIdentity of, SslContext context) {}

  HostContext(Supplier<TlsIdentity> identity, Function<TlsIdentity, SslContext> make) {
    this.identity = identity;
    this.make = make;
    get();
  }

  @Override
  public SslContext get() {
    var now = identity.get();
    var last = made;
    if (last == null || !last.of().equals(now)) {
      last = new Made(now, make.apply(now));
      made = last;
    }
    return last.context();
  }
}
