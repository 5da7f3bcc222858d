package dev.sallyport.tsh.localproxy;

import dev.sallyport.dynamodb.DynamoDbError;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.net.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A local proxy in front of a scripted upstream, and the raw sockets of its clients. On the
/// transport that tsh has here, where none is given, for transports differ where connections end.
final class ProxyUnderTest implements AutoCloseable {
  static final LocalProxyLimits LIMITS =
      new LocalProxyLimits(
          300,
          64,
          8,
          1,
          512,
          Duration.ofSeconds(10),
          Duration.ofSeconds(45),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20));

  final ScriptedUpstream upstream = new ScriptedUpstream();
  final AtomicReference<@Nullable DialOutcome> refusal = new AtomicReference<>();
  final AtomicReference<Object> credential = new AtomicReference<>("first");
  final AtomicInteger dials = new AtomicInteger();
  final NetRuntime runtime;
  final List<ChannelPipeline> pipelines = new CopyOnWriteArrayList<>();
  final LocalProxy proxy;
  private final SocketAddress farAddress;

  ProxyUnderTest() throws IOException {
    this(LIMITS);
  }

  ProxyUnderTest(Transport transport) throws IOException {
    this(LIMITS, Admission.standard(), null, transport);
  }

  ProxyUnderTest(LocalProxyLimits limits) throws IOException {
    this(limits, Admission.standard());
  }

  ProxyUnderTest(LocalProxyLimits limits, Admission admission) throws IOException {
    this(limits, admission, null);
  }

  /// In front of another far end than the scripted one.
  ProxyUnderTest(LocalProxyLimits limits, Admission admission, @Nullable ServerSocket farEnd)
      throws IOException {
    this(limits, admission, farEnd, Transport.best());
  }

  private ProxyUnderTest(
      LocalProxyLimits limits,
      Admission admission,
      @Nullable ServerSocket farEnd,
      Transport transport)
      throws IOException {
    runtime = new NetRuntime("test", 1, TlsProvider.best(), transport);
    farAddress = farEnd == null ? upstream.address() : farEnd.getLocalSocketAddress();
    proxy =
        LocalProxy.open(
            new LocalProxy.Place(
                runtime.loops().next(),
                runtime.serverChannelType(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                admission),
            this::dial,
            limits,
            new Random(7));
  }

  private Future<DialOutcome> dial(EventLoop loop) {
    dials.incrementAndGet();
    var promise = loop.<DialOutcome>newPromise();
    var refused = refusal.get();
    if (refused != null) {
      return promise.setSuccess(refused);
    }
    var opened = credential.get();
    new Bootstrap()
        .group(loop)
        .channel(runtime.channelType())
        .handler(new ChannelInboundHandlerAdapter())
        .connect(farAddress)
        .addListener((ChannelFuture connected) -> {
          pipelines.add(connected.channel().pipeline());
          promise.setSuccess(
              connected.isSuccess()
                  ? new DialOutcome.Connected(connected.channel(), opened)
                  : new DialOutcome.Rejected(
                      DynamoDbError.unavailable("no way to the agent"), DialOutcome.Pace.BACK_OFF));
        });
    return promise;
  }

  int port() {
    return proxy.address().getPort();
  }

  Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port());
    socket.setSoTimeout(15_000);
    return socket;
  }

  String post(String body) {
    return post("", body);
  }

  String post(String headers, String body) {
    return "POST / HTTP/1.1\r\nHost: localhost:%d\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(port(), headers, body.length(), body);
  }

  /// Sends bytes on a fresh connection, and gives back all that comes until its end.
  String exchange(String request) throws IOException {
    try (var socket = connect()) {
      send(socket, request);
      socket.shutdownOutput();
      return readAll(socket.getInputStream());
    }
  }

  /// As {@link #exchange}, with the sending side left open: the proxy must end the connection.
  String exchangeUntilClosed(String request) throws IOException {
    try (var socket = connect()) {
      send(socket, request);
      return readAll(socket.getInputStream());
    }
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static String readAll(InputStream in) throws IOException {
    var all = new StringBuilder();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        all.append((char) b);
      }
    } catch (java.net.SocketException e) {
      all.append("[reset]");
    }
    return all.toString();
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    upstream.close();
    runtime.close();
  }
}
