package dev.sallyport.pki;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Something made from a key and certificate that are renewed, such as a TLS context: the same one
/// as long as the identity is the same, and made anew with the next. Safe from any thread.
public final class IdentityBound<T> implements Supplier<T> {
  private final Supplier<TlsIdentity> identity;
  private final Function<TlsIdentity, T> make;
  private volatile @Nullable Made<T> made;

  private record Made<T>(TlsIdentity of, T thing) {}

  /// Makes the first one at once, so that an identity that does not do is told at the start.
  public IdentityBound(Supplier<TlsIdentity> identity, Function<TlsIdentity, T> make) {
    this.identity = identity;
    this.make = make;
    var _ = get();
  }

  @Override
  public T get() {
    var now = identity.get();
    var last = made;
    if (last != null && last.of().equals(now)) {
      return last.thing();
    }
    synchronized (this) {
      last = made;
      if (last == null || !last.of().equals(now)) {
        last = new Made<>(now, make.apply(now));
        made = last;
      }
      return last.thing();
    }
  }
}
