package dev.sallyport.testkit.aws;

import java.net.URI;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/// Amazon's DynamoDB Local in this process: in memory, one database for everyone, on a free port of
/// 127.0.0.1. Its own starter would listen on all addresses and report its use; so only its handler
/// is taken.
///
/// It checks no signature and refuses nobody: always put [AwsGate] before it.
public final class DynamoDbLocal implements AutoCloseable {

  private static final int HEADER_BYTES_MAX = 64 * 1024;

  /// Longer than any client keeps an idle connection, so that no request meets a closing one.
  private static final long IDLE_MILLIS_MAX = 3_600_000;

  private final Server server;
  private final ServerConnector connector;
  private final LocalDynamoDBServerHandler handler;

  private DynamoDbLocal(
      Server server, ServerConnector connector, LocalDynamoDBServerHandler handler) {
    this.server = server;
    this.connector = connector;
    this.handler = handler;
  }

  /// Starts it.
  public static DynamoDbLocal start() {
    try {
      LocalDynamoDBServerHandler handler =
          new LocalDynamoDBServerHandler(
              new LocalDynamoDBRequestHandler(0, true, null, true, false), null);
      Server server = new Server();
      HttpConfiguration http = new HttpConfiguration();
      http.setRequestHeaderSize(HEADER_BYTES_MAX);
      ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
      connector.setHost("127.0.0.1");
      connector.setPort(0);
      connector.setIdleTimeout(IDLE_MILLIS_MAX);
      server.addConnector(connector);
      ContextHandler context = new ContextHandler("/");
      context.setHandler(handler);
      server.setHandler(context);
      server.start();
      return new DynamoDbLocal(server, connector, handler);
    } catch (Exception e) {
      throw new IllegalStateException("DynamoDB Local does not start", e);
    }
  }

  /// Where it listens.
  public URI uri() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  @Override
  public void close() {
    try {
      server.stop();
      handler.close();
    } catch (Exception e) {
      throw new IllegalStateException("DynamoDB Local does not stop", e);
    }
  }
}
