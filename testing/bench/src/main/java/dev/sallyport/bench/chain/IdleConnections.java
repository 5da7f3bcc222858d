package dev.sallyport.bench.chain;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a client's connection costs that has sent a request and rests, in all processes together.
final class IdleConnections {
  private static final double KILO = 1024;

  private IdleConnections() {}

  /// @param count how many are opened; each takes a descriptor here and one of `tsh`
  static List<Figure> measure(SallyportChain chain, int count) throws IOException {
    var target = chain.target();
    var request = Workload.Request.GET_SMALL.bytes(target.host());
    var open = new ArrayList<Socket>();
    try {
      double before = resident(chain.processes());
      for (int i = 0; i < count; i++) {
        var socket = new Socket(Surroundings.LOOPBACK, target.port());
        open.add(socket);
        socket.getOutputStream().write(request);
        if (socket.getInputStream().read() != 'H') {
          throw new IOException("no answer on connection " + i);
        }
      }
      double each = (resident(chain.processes()) - before) * KILO / count;
      return List.of(
          new Figure(
              "an idle client connection (%d open), all hops".formatted(count),
              "KB",
              Results.Spread.of(each)));
    } finally {
      for (var socket : open) {
        socket.close();
      }
    }
  }

  private static double resident(Map<String, Long> processes) throws IOException {
    double all = 0;
    for (var process : processes.entrySet()) {
      if (!process.getKey().equals("auth")) {
        all += ProcessUse.residentMegabytes(process.getValue());
      }
    }
    return all;
  }
}
