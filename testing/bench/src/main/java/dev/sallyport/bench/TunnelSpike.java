package dev.sallyport.bench;

import dev.sallyport.net.TlsProvider;
import dev.sallyport.net.tunnel.OuterTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Compares what the tunnel costs when the outer TLS stays (the Proxy decrypts and encrypts again)
/// with what it costs when both outer layers end after ACCEPT. The numbers of
/// docs/adr/0002-outer-tls-ends-after-accept.md come from here.
///
/// Runs the real tunnel on loopback, one thread for each hop, in interleaved rounds, and prints
/// median and range. Arguments: rounds (5), seconds a measurement (1), provider (the best). Or
/// `memory` and KEEP or STRIP, for what an idle connection holds: that wants a fresh process.
public final class TunnelSpike {
  private static final int REQUEST_BYTES = 265;
  private static final int SMALL_ANSWER_BYTES = 400;
  private static final int LARGE_ANSWER_BYTES = 1 << 20;
  private static final int DIALS = 100;
  private static final int IDLE_CONNECTIONS = 400;
  private static final List<String> HOPS = List.of("client", "proxy", "agent");

  private final Map<String, Map<OuterTls, List<Double>>> results = new LinkedHashMap<>();
  private final double seconds;
  private final TlsProvider provider;

  private TunnelSpike(double seconds, TlsProvider provider) {
    this.seconds = seconds;
    this.provider = provider;
  }

  /// Runs it.
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 2 && arguments[0].equals("memory")) {
      printMemory(OuterTls.valueOf(arguments[1]));
      return;
    }
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 1;
    var provider = arguments.length > 2 ? TlsProvider.valueOf(arguments[2]) : TlsProvider.best();
    var spike = new TunnelSpike(seconds, provider);
    System.out.printf("TLS by %s, %d rounds; a first one warms up%n", provider, rounds);
    for (int round = 0; round <= rounds; round++) {
      var modes =
          round % 2 == 0
              ? List.of(OuterTls.KEEP, OuterTls.STRIP)
              : List.of(OuterTls.STRIP, OuterTls.KEEP);
      for (var mode : modes) {
        spike.measure(mode);
      }
      if (round == 0) {
        spike.results.clear();
      }
    }
    spike.print();
  }

  private void measure(OuterTls mode) throws Exception {
    try (var rig = new SpikeRig(mode, provider, () -> new Answerer(SMALL_ANSWER_BYTES))) {
      for (int connections : List.of(1, 8, 64)) {
        requests(mode, rig, connections);
      }
      handshakes(mode, rig);
    }
    try (var rig = new SpikeRig(mode, provider, () -> new Answerer(LARGE_ANSWER_BYTES))) {
      bulk(mode, rig);
    }
  }

  private void requests(OuterTls mode, SpikeRig rig, int connections) throws Exception {
    var load = new Load(rig, connections, SMALL_ANSWER_BYTES);
    var used = load.run(seconds);
    for (var hop : HOPS) {
      note("400 B, %2d conn, %s µs/req".formatted(connections, hop), mode, used.micros(hop));
    }
    note("400 B, %2d conn, all hops µs/req".formatted(connections), mode, used.allMicros());
  }

  private void bulk(OuterTls mode, SpikeRig rig) throws Exception {
    var load = new Load(rig, 4, LARGE_ANSWER_BYTES);
    var used = load.run(seconds);
    note("1 MB, 4 conn, MB/s", mode, used.requests / used.wallSeconds);
    for (var hop : HOPS) {
      note("1 MB, 4 conn, %s µs/MB".formatted(hop), mode, used.micros(hop));
    }
  }

  private void handshakes(OuterTls mode, SpikeRig rig) throws Exception {
    var before = cpuNanos();
    long start = System.nanoTime();
    for (int i = 0; i < DIALS; i++) {
      rig.dial().close().sync();
    }
    double wall = (System.nanoTime() - start) / 1e3 / DIALS;
    var after = cpuNanos();
    note("dial, wall µs", mode, wall);
    for (var hop : HOPS) {
      note("dial, " + hop + " CPU µs", mode, micros(before, after, hop) / DIALS);
    }
  }

  private static void printMemory(OuterTls mode) throws Exception {
    try (var rig = new SpikeRig(mode, TlsProvider.best(), () -> new Answerer(SMALL_ANSWER_BYTES))) {
      var open = new ArrayList<Channel>();
      for (int i = 0; i < DIALS; i++) {
        open.add(rig.dial());
      }
      long before = residentKilobytes();
      for (int i = 0; i < IDLE_CONNECTIONS; i++) {
        open.add(rig.dial());
      }
      double each = (residentKilobytes() - before) / (double) IDLE_CONNECTIONS;
      System.out.printf("%s: an idle connection, all three hops: %.1f KB RSS%n", mode, each);
      for (var channel : open) {
        channel.close();
      }
    }
  }

  private static long residentKilobytes() throws IOException {
    System.gc();
    for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmRSS in /proc/self/status");
  }

  private static Map<String, Long> cpuNanos() {
    var threads = ManagementFactory.getThreadMXBean();
    var used = new LinkedHashMap<String, Long>();
    HOPS.forEach(hop -> used.put(hop, 0L));
    for (var info : threads.getThreadInfo(threads.getAllThreadIds())) {
      for (var hop : HOPS) {
        if (info != null && info.getThreadName().startsWith("sallyport-loop-" + hop)) {
          used.merge(hop, threads.getThreadCpuTime(info.getThreadId()), Long::sum);
        }
      }
    }
    return used;
  }

  private static double micros(Map<String, Long> before, Map<String, Long> after, String hop) {
    return (after.getOrDefault(hop, 0L) - before.getOrDefault(hop, 0L)) / 1e3;
  }

  private void note(String what, OuterTls mode, double value) {
    results
        .computeIfAbsent(what, name -> new EnumMap<>(OuterTls.class))
        .computeIfAbsent(mode, name -> new ArrayList<>())
        .add(value);
  }

  private void print() {
    System.out.printf("%-38s %26s %26s %7s%n", "", "KEEP", "STRIP", "ratio");
    results.forEach((what, byMode) -> {
      var keep = byMode.getOrDefault(OuterTls.KEEP, List.of()).stream().sorted().toList();
      var strip = byMode.getOrDefault(OuterTls.STRIP, List.of()).stream().sorted().toList();
      System.out.printf(
          "%-38s %26s %26s %7.2f%n", what, range(keep), range(strip), median(strip) / median(keep));
    });
  }

  private static double median(List<Double> sorted) {
    return sorted.get(sorted.size() / 2);
  }

  private static String range(List<Double> sorted) {
    return String.format(
        Locale.ROOT, "%8.1f (%.1f-%.1f)", median(sorted), sorted.getFirst(), sorted.getLast());
  }

  /// What a run took.
  private record Used(double requests, double wallSeconds, Map<String, Double> cpuMicros) {
    double micros(String hop) {
      return cpuMicros.getOrDefault(hop, 0.0) / requests;
    }

    double allMicros() {
      return cpuMicros.values().stream().mapToDouble(Double::doubleValue).sum() / requests;
    }
  }

  /// Connections that each keep one request in flight.
  private static final class Load {
    private final List<Channel> channels = new ArrayList<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();

    Load(SpikeRig rig, int connections, int answerBytes) throws Exception {
      for (int i = 0; i < connections; i++) {
        var channel = rig.dial();
        channel.pipeline().addLast(new Asker(answered, stopped, answerBytes));
        channels.add(channel);
      }
    }

    Used run(double seconds) throws Exception {
      for (var channel : channels) {
        channel.eventLoop().execute(() -> channel.writeAndFlush(request()));
      }
      spin(seconds / 4);
      var cpu = cpuNanos();
      long count = answered.get();
      long start = System.nanoTime();
      spin(seconds);
      var cpuAfter = cpuNanos();
      double requests = answered.get() - count;
      double wall = (System.nanoTime() - start) / 1e9;
      stopped.set(true);
      for (var channel : channels) {
        channel.close().sync();
      }
      var micros = new LinkedHashMap<String, Double>();
      HOPS.forEach(hop -> micros.put(hop, micros(cpu, cpuAfter, hop)));
      return new Used(requests, wall, micros);
    }

    private static void spin(double seconds) throws InterruptedException {
      // Not a spin of the CPU: the loops need both cores.
      new java.util.concurrent.CountDownLatch(1)
          .await((long) (seconds * 1e9), java.util.concurrent.TimeUnit.NANOSECONDS);
    }
  }

  private static ByteBuf request() {
    return Unpooled.directBuffer(REQUEST_BYTES).writeZero(REQUEST_BYTES);
  }

  /// Sends the next request when an answer is whole.
  private static final class Asker extends ChannelInboundHandlerAdapter {
    private final AtomicLong answered;
    private final AtomicBoolean stopped;
    private final int answerBytes;
    private final ByteBuf request = request();
    private long got;

    Asker(AtomicLong answered, AtomicBoolean stopped, int answerBytes) {
      this.answered = answered;
      this.stopped = stopped;
      this.answerBytes = answerBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext here, Object message) {
      var bytes = (ByteBuf) message;
      got += bytes.readableBytes();
      bytes.release();
      if (got == answerBytes) {
        got = 0;
        answered.incrementAndGet();
        if (!stopped.get()) {
          here.writeAndFlush(request.retainedDuplicate());
        }
      }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext here) {
      request.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
      here.close();
    }
  }

  /// Answers each whole request with so many bytes.
  private static final class Answerer extends ChannelInboundHandlerAdapter {
    private static final ByteBuf ANSWER =
        Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(LARGE_ANSWER_BYTES).writeZero(LARGE_ANSWER_BYTES));

    private final int answerBytes;
    private int got;

    Answerer(int answerBytes) {
      this.answerBytes = answerBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext here, Object message) {
      var bytes = (ByteBuf) message;
      got += bytes.readableBytes();
      bytes.release();
      if (got == REQUEST_BYTES) {
        got = 0;
        here.writeAndFlush(ANSWER.retainedSlice(0, answerBytes));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
      here.close();
    }
  }
}
