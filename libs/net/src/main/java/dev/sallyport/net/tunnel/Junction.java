package dev.sallyport.net.tunnel;

import dev.sallyport.net.Splice;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;

/// The Proxy's answer to a user's database connection whose outer TLS is up: one status frame, and
/// when it is ok, the splice to the agent. The pipeline holds no handler that consumes bytes but
/// the TLS one, and auto-read is off.
public final class Junction {
  private Junction() {}

  /// Tells the client that an agent took its connection and joins the two. Fails, with both closed,
  /// when the client is gone.
  public static Future<Splice> join(Channel client, Channel agent) {
    return join(client, agent, OuterTls.DECIDED);
  }

  /// As above, with an outer TLS of one's own, which measurements compare.
  public static Future<Splice> join(Channel client, Channel agent, OuterTls outer) {
    Promise<Splice> joined = client.eventLoop().newPromise();
    client.config().setAutoRead(false);
    var ok = FrameCodec.encoded(client.alloc(), new Frame.Status(StatusCode.OK, ""));
    client
        .writeAndFlush(ok)
        .addListener(sent -> {
          if (sent.isSuccess()) {
            client
                .eventLoop()
                .execute(() -> {
                  outer.applyTo(client);
                  joined.trySuccess(Splice.between(client, agent));
                });
          } else {
            client.close();
            agent.close();
            joined.tryFailure(sent.cause());
          }
        });
    return joined;
  }

  /// Tells the client why not, and closes it.
  public static void refuse(Channel client, StatusCode code, String message) {
    if (code == StatusCode.OK) {
      throw new IllegalArgumentException("code: OK (expected: a refusal)");
    }
    client
        .writeAndFlush(FrameCodec.encoded(client.alloc(), new Frame.Status(code, message)))
        .addListener(ChannelFutureListener.CLOSE);
  }
}
