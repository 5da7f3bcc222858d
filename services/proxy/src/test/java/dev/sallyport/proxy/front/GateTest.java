package dev.sallyport.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.control.admission.AddressCounts;
import dev.sallyport.control.admission.AddressLimiter;
import dev.sallyport.control.admission.Rate;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Who gets past the first door.
class GateTest {
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

  private static EmbeddedChannel from(String address, Gate gate) {
    return new EmbeddedChannel(DefaultChannelId.newInstance(), gate) {
      @Override
      protected SocketAddress remoteAddress0() {
        return new InetSocketAddress(address, 40_000);
      }

      @Override
      public SocketAddress remoteAddress() {
        return remoteAddress0();
      }
    };
  }

  private Gate gate(int most) {
    return new Gate(
        new AddressLimiter(Rate.HANDSHAKES),
        new AddressCounts(most),
        List.of(),
        open,
        _ -> Optional.empty());
  }

  @Test
  void oneAddressHasNoMoreConnectionsOpenThanItMay() {
    var gate = gate(2);
    var first = from("192.0.2.1", gate);
    var second = from("192.0.2.1", gate);
    assertThat(first.isOpen()).isTrue();
    assertThat(second.isOpen()).isTrue();
    for (var i = 0; i < 3; i++) {
      assertThat(from("192.0.2.1", gate).isOpen()).isFalse();
    }
    assertThat(from("192.0.2.2", gate).isOpen()).isTrue();
    first.close().syncUninterruptibly();
    assertThat(from("192.0.2.1", gate).isOpen()).isTrue();
    assertThat(from("192.0.2.1", gate).isOpen()).isFalse();
  }

  @Test
  void networkOfOnePersonIsOneAddressAndZeroIsNoLimit() {
    var gate = gate(1);
    assertThat(from("2001:db8:1:2::1", gate).isOpen()).isTrue();
    assertThat(from("2001:db8:1:2::2", gate).isOpen()).isFalse();
    var unlimited = gate(0);
    for (var i = 0; i < 5; i++) {
      assertThat(from("192.0.2.1", unlimited).isOpen()).isTrue();
    }
  }

  @Test
  void noMoreConnectionsAreOpenThanTheProxyTakesInAll() {
    var gate = gate(0);
    for (var i = 1; i < Gate.CONNECTIONS_MAX; i++) {
      open.add(new EmbeddedChannel(DefaultChannelId.newInstance()));
    }
    var last = from("192.0.2.1", gate);
    assertThat(last.isOpen()).isTrue();
    assertThat(from("192.0.2.2", gate).isOpen()).isFalse();
    assertThat(gate.turnedAway()).isEqualTo(1);
    last.close().syncUninterruptibly();
    assertThat(from("192.0.2.3", gate).isOpen()).isTrue();
    assertThat(from("192.0.2.4", gate).isOpen()).isFalse();
  }
}
