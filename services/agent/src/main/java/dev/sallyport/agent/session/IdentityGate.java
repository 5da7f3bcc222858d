package dev.sallyport.agent.session;

import dev.sallyport.agent.http.RequestReader;
import dev.sallyport.model.Route;
import dev.sallyport.net.Alpn;
import dev.sallyport.net.TlsContexts;
import dev.sallyport.net.tunnel.OpenMessage;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.Verification;
import dev.sallyport.pki.VerifiedUser;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits for the inner TLS, proves the user by the certificate, and reads the route from it alone.
/// What the Proxy said must be the same: the database, and the certificate that it saw outside.
/// Then it gives way to the handlers of requests; else it closes the connection.
final class IdentityGate extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(IdentityGate.class);

  private final DataPath path;
  private final OpenMessage told;
  private final BooleanSupplier draining;

  /// @param draining whether the agent stops, so that the connection's first request is its last
  IdentityGate(DataPath path, OpenMessage told, BooleanSupplier draining) {
    this.path = path;
    this.told = told;
    this.draining = draining;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        identify(ctx);
      } else {
        refuse(ctx, "the TLS handshake failed: " + handshake.cause());
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    // Behind the handshake this handler is gone, and before it nothing comes.
    ReferenceCountUtil.release(message);
    refuse(ctx, "bytes came before the handshake ended");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    refuse(ctx, "the connection failed: " + cause);
  }

  private void identify(ChannelHandlerContext ctx) {
    var tls = ctx.pipeline().get(SslHandler.class);
    if (tls == null || !TlsContexts.negotiated(tls, Alpn.INNER)) {
      refuse(ctx, "the inner TLS is not " + Alpn.INNER + " over TLS 1.3");
      return;
    }
    var verifier = new IdentityVerifier(path.facts()::trust, path.clock());
    switch (verifier.user(TlsContexts.peerChain(tls))) {
      case Verification.Verified<VerifiedUser> verified -> admit(ctx, verified.identity());
      case Verification.Refused<VerifiedUser> refused -> refuse(ctx, refused.reason());
    }
  }

  private void admit(ChannelHandlerContext ctx, VerifiedUser user) {
    var route = user.identity().route();
    var database = route.map(Route::database).flatMap(path.databases()::get);
    if (route.isEmpty() || database.isEmpty()) {
      refuse(ctx, "the certificate has no route to a database of this agent");
    } else if (!route.get().database().equals(told.database())
        || !same(user.fingerprint(), told.certificateFingerprint())) {
      refuse(ctx, "the certificate is not the one that the Proxy told of");
    } else {
      serve(
          ctx,
          new DatabaseConnection.Guest(user, route.get(), database.get(), told.clientAddress()));
    }
  }

  private void serve(ChannelHandlerContext ctx, DatabaseConnection.Guest guest) {
    ctx.channel().config().setAutoRead(false);
    var reader = new RequestReader(path.budget(), guest.user().identity().user(), path.limits());
    var connection = new DatabaseConnection(path, guest, reader);
    var pipeline = ctx.pipeline();
    // The connection first, so that it is there when the reader has something for it.
    pipeline.addAfter(ctx.name(), null, connection);
    pipeline.addAfter(ctx.name(), null, reader);
    pipeline.remove(this);
    if (draining.getAsBoolean()) {
      connection.drain();
    }
    // A tunnel that is not used has a new one every 45 seconds; it is told of once, as a session.
    LOG.atDebug()
        .addKeyValue("sessionId", guest.route().sessionId())
        .addKeyValue("database", guest.database().name())
        .addKeyValue("subject", guest.user().identity().user())
        .log("A user's connection is open");
  }

  private void refuse(ChannelHandlerContext ctx, String reason) {
    LOG.atWarn()
        .addKeyValue("database", told.database())
        .addKeyValue("reason", reason)
        .log("A connection was refused");
    ctx.close();
  }

  private static boolean same(String ours, String theirs) {
    return MessageDigest.isEqual(
        ours.getBytes(StandardCharsets.US_ASCII), theirs.getBytes(StandardCharsets.US_ASCII));
  }
}
