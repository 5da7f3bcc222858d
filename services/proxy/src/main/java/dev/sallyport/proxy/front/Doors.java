package dev.sallyport.proxy.front;

import dev.sallyport.net.Alpn;
import dev.sallyport.net.ClientHello;
import io.netty.channel.ChannelHandler;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// Which door a ClientHello goes to. The first `teleport-*` protocol in the client's list decides
/// alone: a list that names two doors opens one, and that door offers no other protocol. Without
/// one, the web door takes those who offer web protocols or none at all.
///
/// @param auth raw bytes to the Auth Service
/// @param tunnel agents
/// @param database users' database connections
/// @param web everything of the web, told the ClientHello for the host name in it
record Doors(
    Supplier<ChannelHandler> auth,
    Supplier<ChannelHandler> tunnel,
    DatabaseDoor database,
    Function<ClientHello, ChannelHandler> web)
    implements Function<ClientHello, Optional<ChannelHandler>> {
  private static final Set<String> WEB = Set.of("h2", "http/1.1", "http/1.0");

  private static final Set<String> INNER = Set.of(Alpn.AUTH, Alpn.REVERSE_TUNNEL, Alpn.DYNAMODB);

  /// Those of the given doors that are not of the web.
  static Function<ClientHello, Optional<ChannelHandler>> butWeb(
      Function<ClientHello, Optional<ChannelHandler>> doors) {
    return hello ->
        hello.alpn().stream().anyMatch(INNER::contains) ? doors.apply(hello) : Optional.empty();
  }

  @Override
  public Optional<ChannelHandler> apply(ClientHello hello) {
    for (var protocol : hello.alpn()) {
      switch (protocol) {
        case Alpn.AUTH -> {
          return Optional.of(auth.get());
        }
        case Alpn.REVERSE_TUNNEL -> {
          return Optional.of(tunnel.get());
        }
        case Alpn.DYNAMODB -> {
          return Optional.of(database.get());
        }
        default -> {}
      }
    }
    return hello.alpn().isEmpty() || hello.alpn().stream().anyMatch(WEB::contains)
        ? Optional.of(web.apply(hello))
        : Optional.empty();
  }
}
