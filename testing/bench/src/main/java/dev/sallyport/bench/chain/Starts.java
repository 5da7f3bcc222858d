package dev.sallyport.bench.chain;

import dev.sallyport.testkit.process.CommandResult;
import java.io.IOException;
import java.util.List;

/// How long commands take from their start to their end, on a cluster that runs.
final class Starts {
  private static final int TIMES = 7;
  private static final double MILLI = 1e6;

  private Starts() {}

  private interface Command {
    CommandResult run() throws IOException;
  }

  static List<Figure> measure(SallyportChain chain) throws IOException {
    return List.of(
        figure("tsh version", () -> chain.laptop().tsh("version")),
        figure("tsh status", () -> chain.laptop().tsh("status")),
        figure("tsh db ls", () -> chain.laptop().tsh("db", "ls")),
        figure("tctl status", () -> chain.site().tctl("status")),
        figure("tsh proxy db, until it is ready", chain::openAnotherTunnel));
  }

  private static Figure figure(String name, Command command) throws IOException {
    var times = new double[TIMES];
    command.run().orFail();
    for (int i = 0; i < TIMES; i++) {
      long begin = System.nanoTime();
      command.run().orFail();
      times[i] = (System.nanoTime() - begin) / MILLI;
    }
    return new Figure(name, "ms", Results.Spread.of(times));
  }
}
