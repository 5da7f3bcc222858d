package dev.sallyport.auth.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.auth.state.ProxyState;
import dev.sallyport.control.ProxyHeartbeat;
import dev.sallyport.store.sqlite.SqliteStateStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProxyAddressesTest {
  @TempDir Path folder = Path.of("never");

  @Test
  void whatAProxySaidIsKnownOverRestartsUnlessTheConfigurationNamesOne() {
    var file = folder.resolve("state.db");
    try (var store = SqliteStateStore.open(file, InstantSource.system())) {
      var addresses = new ProxyAddresses(Optional.empty(), new ProxyState(store));
      assertThat(addresses.known()).isEmpty();
      addresses.announce("host-2", new ProxyHeartbeat(List.of("b.example:443", "c.example")));
      addresses.announce("host-1", new ProxyHeartbeat(List.of("a.example")));
      addresses.announce("host-1", new ProxyHeartbeat(List.of("a.example:8443")));
    }
    try (var store = SqliteStateStore.open(file, InstantSource.system())) {
      var state = new ProxyState(store);
      assertThat(new ProxyAddresses(Optional.empty(), state).known()).contains("a.example:8443");
      assertThat(new ProxyAddresses(Optional.of("here:3080"), state).known()).contains("here:3080");
    }
  }
}
