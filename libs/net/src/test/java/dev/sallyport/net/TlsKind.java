package dev.sallyport.net;

import java.util.ArrayList;
import java.util.List;

/// Each pair of transport and TLS provider that works on this machine: what the tests of channels
/// run over.
public record TlsKind(Transport transport, TlsProvider provider) {
  public static List<TlsKind> all() {
    var kinds = new ArrayList<TlsKind>();
    for (var transport : Transport.values()) {
      for (var provider : TlsProvider.values()) {
        if (transport.isAvailable() && provider.isAvailable()) {
          kinds.add(new TlsKind(transport, provider));
        }
      }
    }
    return kinds;
  }

  /// The two furthest apart, for tests that take longer.
  public static List<TlsKind> corners() {
    var all = all();
    return all.size() == 1 ? all : List.of(all.getFirst(), all.getLast());
  }

  public NetRuntime runtime(String name, int threads) {
    return new NetRuntime(name, threads, provider, transport);
  }
}
