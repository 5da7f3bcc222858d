package dev.sallyport.tsh.background;

import dev.sallyport.console.Document;
import dev.sallyport.model.Secret;
import dev.sallyport.tsh.localproxy.LocalKey;
import dev.sallyport.tsh.running.TunnelInfo;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a background process says of itself over its socket.
public record BackgroundStatus(long pid, Instant started, List<TunnelInfo> tunnels) {
  /// Copies the list.
  public BackgroundStatus {
    tunnels = List.copyOf(tunnels);
  }

  /// As it goes over the socket: with keys, since only the user hears it.
  public String text() {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("pid", pid);
    tree.put("started", started.toString());
    tree.put("tunnels", tunnels.stream().map(tunnel -> tunnel.tree(true)).toList());
    return Document.json(tree);
  }

  /// As it came; empty when it is not whole, as from another version.
  public static Optional<BackgroundStatus> read(JsonNode tree) {
    try {
      var tunnels = new ArrayList<TunnelInfo>();
      for (var node : tree.path("tunnels")) {
        tunnels.add(tunnel(node));
      }
      return Optional.of(
          new BackgroundStatus(
              tree.path("pid").asLong(), Instant.parse(text(tree, "started")), tunnels));
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      return Optional.empty();
    }
  }

  private static TunnelInfo tunnel(JsonNode node) {
    var address = URI.create("tcp://" + text(node, "address"));
    return new TunnelInfo(
        text(node, "database"),
        text(node, "db_user"),
        text(node, "cluster"),
        text(node, "region"),
        new InetSocketAddress(address.getHost(), address.getPort()),
        Instant.parse(text(node, "valid_until")),
        node.path("strict").asBoolean()
            ? Optional.of(
                new LocalKey(
                    text(node, "access_key_id"), Secret.of(text(node, "secret_access_key"))))
            : Optional.empty());
  }

  private static String text(JsonNode node, String field) {
    var value = node.path(field);
    if (!value.isString()) {
      throw new IllegalArgumentException(field);
    }
    return value.stringValue();
  }
}
