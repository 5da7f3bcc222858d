package dev.sallyport.testkit.aws;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/// An HTTP server as the rest of the world has them, Jetty, in front of an [Upstream]: where HTTP
/// leaves a choice it takes each. To be asked by clients that come without a tunnel. On a free port
/// of 127.0.0.1; it checks no signature.
public final class LenientServer implements AutoCloseable {

  private static final int HEADER_BYTES_MAX = 64 * 1024;
  private static final long IDLE_MILLIS_MAX = 3_600_000;
  private static final AccessKey NOBODY = AccessKey.ofUser("none", "none", "none");

  private final Server server = new Server();
  private final ServerConnector connector;

  private LenientServer(Upstream upstream) {
    HttpConfiguration http = new HttpConfiguration();
    http.setRequestHeaderSize(HEADER_BYTES_MAX);
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    connector.setIdleTimeout(IDLE_MILLIS_MAX);
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            ByteBuffer body = Content.Source.asByteBuffer(request);
            byte[] bytes = new byte[body.remaining()];
            body.get(bytes);
            write(upstream.answer(read(request, bytes), NOBODY), response, callback);
            return true;
          }
        });
  }

  /// Starts it.
  public static LenientServer start(Upstream upstream) {
    LenientServer started = new LenientServer(upstream);
    try {
      started.server.start();
    } catch (Exception e) {
      throw new IllegalStateException("the server does not start", e);
    }
    return started;
  }

  private static WireRequest read(Request request, byte[] body) {
    List<WireHeader> headers = new ArrayList<>();
    for (HttpField field : request.getHeaders()) {
      headers.add(new WireHeader(field.getName(), String.valueOf(field.getValue())));
    }
    String query = request.getHttpURI().getQuery();
    return new WireRequest(
        0,
        request.getMethod(),
        request.getHttpURI().getPath(),
        query == null ? "" : query,
        headers,
        body);
  }

  private static void write(WireResponse said, Response response, Callback callback) {
    if (!(said instanceof WireResponse.Answer answer)) {
      callback.failed(new IllegalStateException("nothing to answer"));
      return;
    }
    response.setStatus(answer.status());
    answer.headers().forEach(header -> response.getHeaders().add(header.name(), header.value()));
    ByteBuffer body = ByteBuffer.wrap(answer.body());
    if (answer.framing() == WireResponse.Framing.LENGTH) {
      response.getHeaders().put("Content-Length", answer.body().length);
      response.write(true, body, callback);
    } else {
      // What is not the last cannot know the length.
      response.write(
          false, body, Callback.from(() -> response.write(true, null, callback), callback::failed));
    }
  }

  /// The port that it listens on.
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server does not stop", e);
    }
  }
}
