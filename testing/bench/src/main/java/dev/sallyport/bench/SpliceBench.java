package dev.sallyport.bench;

import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.Preface;
import dev.sallyport.net.RawRelay;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.net.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// A message to a server that sends it back, directly and through a relay that joins the two
/// connections as the Proxy does: the difference is what a splice costs, both ways.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class SpliceBench {
  /// What is in between.
  public enum Between {
    /// Nothing.
    NOTHING,
    /// The relay, with this machine's fastest transport.
    SPLICE,
    /// The relay with the JDK's own.
    SPLICE_ON_NIO
  }

  @Param Between between = Between.NOTHING;

  @Param({"1024", "262144"})
  int bytes;

  private final List<AutoCloseable> opened = Collections.synchronizedList(new ArrayList<>());
  private byte[] message = {};

  // Made by the set-up.
  @SuppressWarnings("NullAway.Init")
  private Socket client;

  /// Opens the way.
  @Setup
  public void open() throws IOException, InterruptedException {
    message = new byte[bytes];
    var target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    opened.add(target);
    Thread.ofPlatform().daemon().start(() -> sendBack(target));
    client = new Socket();
    opened.add(client);
    client.setTcpNoDelay(true);
    client.connect(
        switch (between) {
          case NOTHING -> target.getLocalSocketAddress();
          case SPLICE -> relay(Transport.best(), target.getLocalSocketAddress());
          case SPLICE_ON_NIO -> relay(Transport.NIO, target.getLocalSocketAddress());
        });
  }

  private SocketAddress relay(Transport transport, SocketAddress target)
      throws InterruptedException {
    var runtime = new NetRuntime("relay", 1, TlsProvider.JDK, transport);
    opened.add(runtime);
    return runtime
        .server()
        .childOption(ChannelOption.AUTO_READ, false)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(new RawRelay(runtime, target, Preface.NONE, splice -> {}));
              }
            })
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .sync()
        .channel()
        .localAddress();
  }

  private void sendBack(ServerSocket target) {
    try (var server = target.accept()) {
      server.setTcpNoDelay(true);
      var received = new byte[bytes];
      while (server.getInputStream().readNBytes(received, 0, bytes) == bytes) {
        server.getOutputStream().write(received);
      }
    } catch (IOException e) {
      // The other end has closed: the benchmark is over.
    }
  }

  /// Closes everything.
  @TearDown
  public void close() throws Exception {
    for (var one : List.copyOf(opened).reversed()) {
      one.close();
    }
  }

  /// One message there and back.
  @Benchmark
  public int thereAndBack() throws IOException {
    client.getOutputStream().write(message);
    return client.getInputStream().readNBytes(message, 0, bytes);
  }
}
