package dev.sallyport.auth.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.auth.state.ProxyState;
import dev.sallyport.control.ProxyHeartbeat;
import dev.sallyport.store.sqlite.SqliteStateStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProxyAddressesTest {
  @TempDir Path folder = Path.of("never");

  private Instant now = Instant.parse("2030-01-01T00:00:00Z");

  private ProxyAddresses addresses(SqliteStateStore store, String... configured) {
    return new ProxyAddresses(
        List.of(configured).stream().findFirst(), new ProxyState(store), () -> now);
  }

  private SqliteStateStore open() {
    return SqliteStateStore.open(folder.resolve("state.db"), () -> now);
  }

  @Test
  void whatAProxySaidIsKnownOverRestartsUnlessTheConfigurationNamesOne() {
    try (var store = open()) {
      assertThat(addresses(store).known()).isEmpty();
      addresses(store).announce("host-1", new ProxyHeartbeat(List.of("a.example", "b.example")));
      addresses(store).announce("host-1", new ProxyHeartbeat(List.of("a.example:8443")));
    }
    try (var store = open()) {
      assertThat(addresses(store).known()).contains("a.example:8443");
      assertThat(addresses(store, "here:3080").known()).contains("here:3080");
    }
  }

  @Test
  void anotherProxyChangesNothingWhileTheFirstIsThere() {
    try (var store = open()) {
      addresses(store).announce("host-2", new ProxyHeartbeat(List.of("first.example:443")));
      now = now.plusSeconds(1);
      addresses(store).announce("host-1", new ProxyHeartbeat(List.of("second.example:443")));
      assertThat(addresses(store).known()).contains("first.example:443");
      now = now.plus(ProxyAddresses.TTL).minusSeconds(2);
      addresses(store).announce("host-1", new ProxyHeartbeat(List.of("second.example:443")));
      addresses(store).announce("host-2", new ProxyHeartbeat(List.of("moved.example:443")));
      now = now.plusSeconds(5);
      assertThat(addresses(store).known()).contains("moved.example:443");
    }
  }

  @Test
  void aProxyThatIsGoneIsForgotten() {
    try (var store = open()) {
      addresses(store).announce("host-2", new ProxyHeartbeat(List.of("gone.example:443")));
      now = now.plusSeconds(1);
      addresses(store).announce("host-1", new ProxyHeartbeat(List.of("new.example:443")));
      now = now.plus(ProxyAddresses.TTL).minusMillis(500);
      assertThat(addresses(store).known()).contains("new.example:443");
      now = now.plusSeconds(1);
      assertThat(addresses(store).known()).isEmpty();
    }
  }
}
