package dev.sallyport.auth.access;

import java.util.Optional;
import java.util.concurrent.Callable;

/// Where the call comes from that is under way on this thread: the address of whoever connected to
/// the Auth Service, or to the Proxy that passed the connection on and vouches for the address.
public final class Origin {
  private static final ScopedValue<String> ADDRESS = ScopedValue.newInstance();

  private Origin() {}

  /// Runs a call that came from this address.
  public static <T> T of(String address, Callable<T> call) throws Exception {
    return ScopedValue.where(ADDRESS, address).call(call::call);
  }

  /// The address; empty outside of a call.
  public static Optional<String> address() {
    return ADDRESS.isBound() ? Optional.of(ADDRESS.get()) : Optional.empty();
  }
}
