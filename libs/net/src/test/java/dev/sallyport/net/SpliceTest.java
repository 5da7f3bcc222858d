package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A relay in the middle, plain blocking sockets at both ends.
class SpliceTest {
  private static final int CHUNK = 64 * 1024;
  private static final long LARGE = 64L * 1024 * 1024;

  private final List<Splice> splices = new CopyOnWriteArrayList<>();
  private final ServerSocket target;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private Socket client = new Socket();
  private Socket server = new Socket();
  private int port;

  SpliceTest() throws IOException {
    target = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    opened.add(target);
  }

  private void start(Transport transport, int loops, boolean announce) throws Exception {
    startRelay(transport, loops, announce, target.getLocalSocketAddress());
    client = connect();
    server = target.accept();
    opened.add(server);
    server.setSoTimeout(10_000);
  }

  private void startRelay(
      Transport transport, int loops, boolean announce, java.net.SocketAddress to)
      throws Exception {
    var runtime = new NetRuntime("relay", loops, TlsProvider.JDK, transport);
    opened.add(runtime);
    var relay =
        runtime
            .server()
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new RawRelay(
                                runtime,
                                to,
                                announce ? ProxyHeader::v2 : Preface.NONE,
                                splices::add));
                  }
                })
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    port = ((InetSocketAddress) relay.localAddress()).getPort();
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    opened.add(socket);
    socket.setSoTimeout(10_000);
    return socket;
  }

  @AfterEach
  void stop() throws Exception {
    for (var one : opened.reversed()) {
      one.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void passesBytesBothWaysAndCountsThem(Transport transport) throws Exception {
    start(transport, 2, false);
    client.getOutputStream().write("question".getBytes(StandardCharsets.US_ASCII));
    assertThat(server.getInputStream().readNBytes(8)).asString().isEqualTo("question");
    server.getOutputStream().write("answer".getBytes(StandardCharsets.US_ASCII));
    assertThat(client.getInputStream().readNBytes(6)).asString().isEqualTo("answer");
    client.close();
    server.close();
    var splice = finished();
    assertThat(splice.bytesFromFirst()).isEqualTo(8);
    assertThat(splice.bytesFromSecond()).isEqualTo(6);
    assertThat(splice.aborted()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void theEndOfOneDirectionLeavesTheOtherOpen(Transport transport) throws Exception {
    start(transport, 2, false);
    client.getOutputStream().write(new byte[] {1, 2, 3});
    client.shutdownOutput();
    assertThat(server.getInputStream().readAllBytes()).containsExactly(1, 2, 3);
    server.getOutputStream().write(new byte[] {4, 5});
    server.getOutputStream().write(new byte[CHUNK * 20]);
    server.shutdownOutput();
    assertThat(client.getInputStream().readAllBytes()).hasSize(2 + CHUNK * 20);
    assertThat(finished().aborted()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void anEndThatComesBeforeTheTargetAnswersLosesNothing(Transport transport) throws Exception {
    startRelay(transport, 2, false, target.getLocalSocketAddress());
    for (int i = 0; i < 50; i++) {
      try (var early = connect()) {
        early.getOutputStream().write(new byte[] {1, 2, 3});
        early.shutdownOutput();
        try (var accepted = target.accept()) {
          accepted.setSoTimeout(10_000);
          assertThat(accepted.getInputStream().readAllBytes()).containsExactly(1, 2, 3);
          accepted.getOutputStream().write(new byte[] {4});
          accepted.shutdownOutput();
          assertThat(early.getInputStream().readAllBytes()).containsExactly(4);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void anEndBehindFullBuffersArrivesAndTheAnswerComesBack(Transport transport) throws Exception {
    start(transport, 2, false);
    var written = new AtomicLong();
    var sent =
        CompletableFuture.runAsync(() -> {
          write(client, written);
          try {
            client.shutdownOutput();
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    await().atMost(Duration.ofSeconds(10)).until(() -> written.get(), new StandsStill());
    assertThat(server.getInputStream().skip(LARGE)).isEqualTo(LARGE);
    assertThat(server.getInputStream().read()).isEqualTo(-1);
    sent.get(10, TimeUnit.SECONDS);
    server.getOutputStream().write(new byte[CHUNK * 10]);
    server.shutdownOutput();
    assertThat(client.getInputStream().readAllBytes()).hasSize(CHUNK * 10);
    assertThat(finished().aborted()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aSlowReaderThatHasEndedItsSideGetsTheWholeAnswer(Transport transport) throws Exception {
    start(transport, 2, false);
    client.getOutputStream().write(1);
    client.shutdownOutput();
    assertThat(server.getInputStream().readAllBytes()).containsExactly(1);
    var written = new AtomicLong();
    var sum = CompletableFuture.supplyAsync(() -> write(server, written));
    await().atMost(Duration.ofSeconds(10)).until(() -> written.get(), new StandsStill());
    assertThat(read(client, LARGE)).isEqualTo(sum.get(10, TimeUnit.SECONDS));
    server.shutdownOutput();
    assertThat(client.getInputStream().read()).isEqualTo(-1);
    assertThat(finished().aborted()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aResetOfOneSideIsAResetOfTheOther(Transport transport) throws Exception {
    start(transport, 1, false);
    client.getOutputStream().write(1);
    assertThat(server.getInputStream().read()).isEqualTo(1);
    client.setSoLinger(true, 0);
    client.close();
    assertThatThrownBy(() -> server.getInputStream().read()).hasMessageContaining("reset");
    assertThat(finished().aborted()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aSlowReaderHoldsItsWriterBackInBoundedMemory(Transport transport) throws Exception {
    start(transport, 2, false);
    var written = new AtomicLong();
    var sum = CompletableFuture.supplyAsync(() -> write(client, written));
    // The writer stops when the kernel's buffers and ours are full, far below what it wants to
    // send.
    await().atMost(Duration.ofSeconds(10)).until(() -> written.get(), new StandsStill());
    assertThat(written.get()).isLessThan(LARGE / 3);
    assertThat(io.netty.util.internal.PlatformDependent.usedDirectMemory())
        .isLessThan(32L * 1024 * 1024);
    assertThat(read(server, LARGE)).isEqualTo(sum.get(10, TimeUnit.SECONDS));
  }

  private static long read(Socket socket, long size) throws IOException {
    var crc = new CRC32();
    byte[] chunk = new byte[CHUNK];
    long left = size;
    while (left > 0) {
      int read = socket.getInputStream().read(chunk);
      assertThat(read).isPositive();
      crc.update(chunk, 0, read);
      left -= read;
    }
    return crc.getValue();
  }

  /// True once two looks in a row saw the same positive number.
  private static final class StandsStill implements java.util.function.Predicate<Long> {
    private long last;
    private int same;

    @Override
    public boolean test(Long now) {
      same = now > 0 && now == last ? same + 1 : 0;
      last = now;
      return same >= 4;
    }
  }

  private static long write(Socket socket, AtomicLong written) {
    var crc = new CRC32();
    var random = new java.util.Random(5);
    byte[] chunk = new byte[CHUNK];
    try {
      for (long i = 0; i < LARGE / CHUNK; i++) {
        random.nextBytes(chunk);
        crc.update(chunk);
        socket.getOutputStream().write(chunk);
        written.addAndGet(CHUNK);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return crc.getValue();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aTargetThatIsNotThereClosesTheClient(Transport transport) throws Exception {
    start(transport, 1, false);
    target.close();
    try (var second = connect()) {
      assertThat(second.getInputStream().read()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void theClientsAddressGoesAheadToAUnixSocket(Transport transport, @TempDir Path folder)
      throws Exception {
    var address = UnixDomainSocketAddress.of(folder.resolve("web.sock"));
    try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(address);
      startRelay(transport, 1, true, address);
      client = connect();
      client.getOutputStream().write('x');
      try (var accepted = listening.accept()) {
        var header = ByteBuffer.allocate(28 + 1);
        while (header.hasRemaining() && accepted.read(header) >= 0) {
          assertThat(header.position()).isPositive();
        }
        assertThat(header.array()).startsWith(0x0D, 0x0A, 0x0D, 0x0A).endsWith('x');
        assertThat(header.getShort(24) & 0xFFFF).isEqualTo(client.getLocalPort());
      }
    }
  }

  private Splice finished() throws Exception {
    await().until(() -> splices.size() == 1);
    var splice = splices.getFirst();
    assertThat(splice.done().await(10, TimeUnit.SECONDS)).isTrue();
    return splice;
  }
}
