package dev.sallyport.auth.join;

import dev.sallyport.auth.state.ProxyState;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.ProxyHeartbeat;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Where people reach the cluster: links lead there, and passkeys are bound to its name.
public final class ProxyAddresses {
  /// The most addresses that one Proxy may tell.
  public static final int ADDRESSES_MAX = 20;

  /// How long an address counts that is not told again. A Proxy tells it every ten minutes.
  public static final Duration TTL = Duration.ofHours(1);

  private static final int USUAL_PORT = 3080;

  private final Optional<String> configured;
  private final ProxyState state;
  private final InstantSource clock;

  /// @param configured the address of a Proxy in this very process, which comes first
  public ProxyAddresses(Optional<String> configured, ProxyState state, InstantSource clock) {
    this.configured = configured;
    this.state = state;
    this.clock = clock;
  }

  /// A Proxy of the cluster says where it is.
  ///
  /// @throws ControlException of kind BAD_PARAMETER if that is no address
  public void announce(String hostId, ProxyHeartbeat heartbeat) {
    var addresses = heartbeat.publicAddresses();
    if (addresses.isEmpty() || addresses.size() > ADDRESSES_MAX) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "public_addresses: %d (expected: 1 to %d)".formatted(addresses.size(), ADDRESSES_MAX));
    }
    try {
      var first = ControlEndpoint.parse(addresses.getFirst(), USUAL_PORT).toString();
      addresses.forEach(address -> ControlEndpoint.parse(address, USUAL_PORT));
      var now = clock.instant();
      state.put(hostId, first, now, now.plus(TTL));
    } catch (IllegalArgumentException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "public_addresses: " + e.getMessage(), e);
    }
  }

  /// The address that people are told: that of the Proxy which is there longest; empty while there
  /// is none.
  public Optional<String> known() {
    return configured.or(state::first);
  }
}
