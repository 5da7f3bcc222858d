package dev.sallyport.auth.access;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/// Where the call comes from that is under way on this thread: the address of whoever connected to
/// the Auth Service, or to the Proxy that passed the connection on and vouches for the address.
public final class Origin {
  private static final int AGENT_LENGTH_MAX = 256;
  private static final ScopedValue<String> ADDRESS = ScopedValue.newInstance();
  private static final ScopedValue<String> AGENT = ScopedValue.newInstance();

  private Origin() {}

  /// Runs a call that came from this address.
  public static <T> T of(String address, Callable<T> call) throws Exception {
    return ScopedValue.where(ADDRESS, address).call(call::call);
  }

  /// Runs a sign-in of a client that calls itself so.
  public static <T> T agent(Optional<String> agent, Supplier<T> call) {
    return agent
        .map(name -> ScopedValue.where(AGENT, shortened(name)).call(call::get))
        .orElseGet(call);
  }

  /// What the client of the sign-in that is under way calls itself: at most 256 characters.
  public static Optional<String> agent() {
    return AGENT.isBound() ? Optional.of(AGENT.get()) : Optional.empty();
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(text.length(), AGENT_LENGTH_MAX));
  }

  /// The address; empty outside of a call.
  public static Optional<String> address() {
    return ADDRESS.isBound() ? Optional.of(ADDRESS.get()) : Optional.empty();
  }
}
