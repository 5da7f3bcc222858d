package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.tsh.Tsh;
import dev.sallyport.tsh.background.BackgroundFolder;
import dev.sallyport.tsh.background.BackgroundStatus;
import dev.sallyport.tsh.background.BackgroundTunnel;
import dev.sallyport.tsh.running.TunnelInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The user's tunnels in the background, asked one by one.
record BackgroundTunnels(List<Living> living, List<BackgroundTunnel> silent) {
  /// One process that answered.
  record Living(BackgroundTunnel tunnel, BackgroundStatus status) {
    boolean serves(String database) {
      return status.tunnels().stream().anyMatch(info -> info.database().equals(database));
    }
  }

  static BackgroundTunnels find(Tsh tsh) {
    var folder = BackgroundFolder.of(tsh.console());
    var living = new ArrayList<Living>();
    var silent = new ArrayList<BackgroundTunnel>();
    for (var id : folder.ids()) {
      var tunnel = new BackgroundTunnel(folder, id);
      var status = tunnel.status().flatMap(BackgroundStatus::read);
      if (status.isPresent()) {
        living.add(new Living(tunnel, status.get()));
      } else if (tunnel.known()) {
        silent.add(tunnel);
      }
    }
    return new BackgroundTunnels(living, silent);
  }

  /// The tunnel to a database, or to the only one there is.
  TunnelInfo to(Optional<String> database) {
    var all = living.stream().flatMap(one -> one.status().tunnels().stream()).toList();
    if (database.isPresent()) {
      return all.stream()
          .filter(info -> info.database().equals(database.get()))
          .findFirst()
          .orElseThrow(() -> none(" to \"" + database.get() + "\"", database.get()));
    }
    if (all.isEmpty()) {
      throw none("", "<db>");
    }
    if (all.size() > 1) {
      throw new CommandFailure(
          "multiple databases are available ("
              + all.stream().map(TunnelInfo::database).distinct().collect(Collectors.joining(", "))
              + "), please specify one by name, --labels, or --query");
    }
    return all.getFirst();
  }

  private static CommandFailure none(String which, String name) {
    return new CommandFailure(
        "no tunnel"
            + which
            + " runs in the background; start one with: tsh proxy db --tunnel --background "
            + name);
  }
}
