package dev.sallyport.proxy.front;

import dev.sallyport.model.Route;
import dev.sallyport.net.Alpn;
import dev.sallyport.net.ClientAddress;
import dev.sallyport.net.TlsContexts;
import dev.sallyport.net.tunnel.Junction;
import dev.sallyport.net.tunnel.OpenMessage;
import dev.sallyport.net.tunnel.OpenResult;
import dev.sallyport.net.tunnel.ParkedConnections;
import dev.sallyport.net.tunnel.StatusCode;
import dev.sallyport.pki.Verification;
import dev.sallyport.pki.VerifiedUser;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One user's database connection on its way to an agent:
///
/// ```
///   handshake ──▶ verified user, route ──▶ ask agent 1 ──refused, busy, gone──▶ ask agent 2 ──▶ …
///                      │ none                   │ accepted                           │ none left
///                      ▼                        ▼                                    ▼
///                   STATUS denied          STATUS ok, splice              STATUS of the best reason
/// ```
///
/// The client sends nothing before the status; one that does is cut off. What reaches the agent in
/// OPEN is for its records: it decides by the certificate of the inner TLS. Lives on its channel's
/// loop.
final class DatabaseConnection extends ChannelInboundHandlerAdapter {
  /// How long one agent may take, the wait for a free connection of it included.
  static final Duration OPEN_WITHIN = Duration.ofSeconds(3);

  /// How many agents are asked; tsh waits ten seconds in all.
  static final int AGENTS_MAX = 3;

  static final String PROTOCOL = "dynamodb";

  private static final Logger log = LoggerFactory.getLogger(DatabaseConnection.class);
  private static final String NAME = "database";

  private final DatabaseDoor door;
  private final ParkedConnections lot;
  private @Nullable Future<OpenResult> asked;
  private boolean begun;
  private final long since = System.nanoTime();

  /// What is known of the connection once its certificate was checked.
  @SuppressWarnings("ArrayRecordComponent")
  private record Passenger(VerifiedUser user, Route route, byte[] payload) {}

  /// Why it could not go on, for the status and the log. A busy agent is worth another try; a
  /// refusal says more than an absence.
  private record Setback(StatusCode code, String message) {
    Setback orWorse(Setback next) {
      return rank(next.code) > rank(code) ? next : this;
    }

    private static int rank(StatusCode code) {
      return switch (code) {
        case OK, UNKNOWN_DATABASE -> 0;
        case NO_AGENT -> 1;
        case DENIED -> 2;
        case BUSY -> 3;
      };
    }
  }

  DatabaseConnection(DatabaseDoor door, ParkedConnections lot) {
    this.door = door;
    this.lot = lot;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (begun || !(event instanceof SslHandshakeCompletionEvent done)) {
      return;
    }
    begun = true;
    var channel = context.channel();
    if (!done.isSuccess()) {
      ConnectionLog.refused(channel, NAME, String.valueOf(done.cause().getMessage()));
      Refusals.reason(done.cause())
          .ifPresent(
              reason -> door.keeper().refusals().refused(NAME, ClientAddress.of(channel), reason));
      context.close();
      return;
    }
    channel.config().setAutoRead(false);
    // A task of its own: this one runs inside the TLS handler's decoding.
    context.executor().execute(() -> begin(channel));
  }

  private void begin(Channel channel) {
    if (!channel.isActive()) {
      return;
    }
    var tls = channel.pipeline().get(SslHandler.class);
    if (tls == null || !TlsContexts.negotiated(tls, Alpn.DYNAMODB)) {
      ConnectionLog.refused(channel, NAME, "another protocol was agreed on");
      channel.close();
      return;
    }
    switch (door.keeper().verifier().user(TlsContexts.peerChain(tls))) {
      case Verification.Refused<?>(String reason) -> {
        var refusal = "certificate refused: " + reason;
        door.keeper().refusals().refused(NAME, ClientAddress.of(channel), refusal);
        refuse(channel, new Setback(StatusCode.DENIED, refusal));
      }
      case Verification.Verified(var user) -> route(channel, user);
    }
  }

  private void route(Channel channel, VerifiedUser user) {
    var route = user.identity().route().filter(one -> one.protocol().equals(PROTOCOL));
    if (route.isEmpty()) {
      refuse(
          channel,
          new Setback(
              StatusCode.DENIED,
              "this certificate is for no database; open the tunnel with: tsh proxy db --tunnel"));
      return;
    }
    var lock = door.keeper().lockout().on(user.identity());
    if (lock.isPresent()) {
      refuse(channel, new Setback(StatusCode.DENIED, lock.get().refusal()));
      return;
    }
    var database = route.get().database();
    var announced = door.announcedBy(database);
    if (announced.isEmpty()) {
      refuse(
          channel,
          new Setback(
              StatusCode.UNKNOWN_DATABASE,
              "database \""
                  + database
                  + "\" not found among registered databases in cluster \""
                  + user.identity().clusterName()
                  + "\""));
      return;
    }
    var open = new OpenMessage(address(channel), database, user.fingerprint()).encoded();
    var agents = door.candidates(announced).stream().limit(AGENTS_MAX).toList().iterator();
    ask(
        channel,
        new Passenger(user, route.get(), open),
        agents,
        new Setback(
            StatusCode.NO_AGENT,
            "no agent of database \"" + database + "\" is connected to this Proxy"));
  }

  private static String address(Channel channel) {
    return ClientAddress.of(channel) instanceof InetSocketAddress peer
        ? peer.getAddress().getHostAddress() + ":" + peer.getPort()
        : "";
  }

  private void ask(Channel channel, Passenger passenger, Iterator<String> agents, Setback worst) {
    if (!agents.hasNext()) {
      refuse(channel, worst);
      return;
    }
    var agent = agents.next();
    var request = lot.open(channel.eventLoop(), agent, passenger.payload(), OPEN_WITHIN);
    asked = request;
    request.addListener((Future<OpenResult> answered) -> {
      if (!channel.isActive()) {
        if (answered.isSuccess() && answered.getNow() instanceof OpenResult.Opened(var leg)) {
          leg.close();
        }
        return;
      }
      if (!answered.isSuccess()) {
        refuse(channel, worst);
        return;
      }
      switch (answered.getNow()) {
        case OpenResult.Opened(var leg) -> join(channel, leg, passenger, agent);
        case OpenResult.Refused(var reason) ->
            next(channel, passenger, agents, worst, agent, StatusCode.DENIED, reason);
        case OpenResult.NotNow(var reason) ->
            next(channel, passenger, agents, worst, agent, StatusCode.BUSY, reason);
        case OpenResult.NoAgent() ->
            next(channel, passenger, agents, worst, agent, StatusCode.NO_AGENT, "");
        case OpenResult.Busy() ->
            next(
                channel,
                passenger,
                agents,
                worst,
                agent,
                StatusCode.BUSY,
                "all connections to the agent are in use; try again");
      }
    });
  }

  private void next(
      Channel channel,
      Passenger passenger,
      Iterator<String> agents,
      Setback worst,
      String agent,
      StatusCode code,
      String reason) {
    log.atWarn()
        .addKeyValue("database", passenger.route().database())
        .addKeyValue("agent", agent)
        .addKeyValue("status", code)
        .addKeyValue("reason", reason)
        .log("an agent did not take a connection");
    var setback = reason.isEmpty() ? worst : worst.orWorse(new Setback(code, reason));
    ask(channel, passenger, agents, setback);
  }

  private void join(Channel channel, Channel leg, Passenger passenger, String agent) {
    channel.pipeline().remove(this);
    var log =
        ConnectionLog.splices(
            channel,
            NAME,
            Map.of(
                "user",
                passenger.user().identity().user(),
                "database",
                passenger.route().database(),
                "sessionId",
                passenger.route().sessionId(),
                "agent",
                agent));
    Junction.join(channel, leg)
        .addListener((Future<dev.sallyport.net.Splice> joined) -> {
          if (joined.isSuccess()) {
            door.opened().of(StatusCode.OK).observe(System.nanoTime() - since);
            door.keeper().lockout().joined(agent, channel);
            log.accept(joined.getNow());
          } else {
            ConnectionLog.refused(channel, NAME, "the client left");
          }
        });
  }

  private void refuse(Channel channel, Setback setback) {
    door.opened().of(setback.code()).observe(System.nanoTime() - since);
    ConnectionLog.refused(channel, NAME, setback.code() + ": " + setback.message());
    Junction.refuse(channel, setback.code(), setback.message());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
    ConnectionLog.refused(context.channel(), NAME, "bytes before the status");
    context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Optional.ofNullable(asked).ifPresent(one -> one.cancel(false));
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
