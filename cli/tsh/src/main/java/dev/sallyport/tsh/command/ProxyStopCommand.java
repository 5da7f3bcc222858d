package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.tsh.Tsh;
import dev.sallyport.tsh.background.BackgroundTunnel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tsh proxy stop`: ends tunnels in the background.
@Command(name = "stop", description = "Stop tunnels in the background.")
public final class ProxyStopCommand implements Runnable {
  private final Tsh tsh;

  @Option(names = "--all", description = "Stop all of them.")
  private boolean all;

  @Parameters(
      arity = "0..*",
      paramLabel = "ID|DATABASE",
      description = "Which; not needed when there is one.")
  private List<String> names = new ArrayList<>();

  /// A part of tsh.
  public ProxyStopCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    var found = BackgroundTunnels.find(tsh);
    for (var living : chosen(found)) {
      switch (living.tunnel().ask("stop")) {
        case BackgroundTunnel.Answer.Text _, BackgroundTunnel.Answer.Gone _ ->
            tsh.console().out().println("Stopped tunnel " + living.tunnel().id() + ".");
        case BackgroundTunnel.Answer.Silent _ ->
            throw new CommandFailure(
                "the tunnel " + living.tunnel().id() + " does not answer; it was not stopped");
      }
    }
    if (all && !found.silent().isEmpty()) {
      throw new CommandFailure(
          "the tunnel "
              + found.silent().getFirst().id()
              + " does not answer; end its process by hand");
    }
  }

  private Set<BackgroundTunnels.Living> chosen(BackgroundTunnels found) {
    if (names.isEmpty()) {
      if (!all && found.living().size() > 1) {
        throw new CommandFailure(
            "several tunnels run in the background; name one of them (see tsh proxy ls), or --all");
      }
      if (found.living().isEmpty() && found.silent().isEmpty()) {
        tsh.console().out().println("No tunnel runs in the background.");
      }
      return new LinkedHashSet<>(found.living());
    }
    var chosen = new LinkedHashSet<BackgroundTunnels.Living>();
    for (var name : names) {
      var matching =
          found.living().stream()
              .filter(living -> living.tunnel().id().equals(name) || living.serves(name))
              .toList();
      if (matching.isEmpty()) {
        throw new CommandFailure(
            "no tunnel \"" + name + "\" runs in the background (see tsh proxy ls)");
      }
      chosen.addAll(matching);
    }
    return chosen;
  }
}
