package dev.sallyport.tsh.background;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.Document;
import dev.sallyport.control.ControlJson;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.PemException;
import dev.sallyport.tsh.tunnel.RouteWish;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What the process at the terminal hands to the one in the background: the certificates that it
/// obtained while there was somebody to ask for a second factor. It goes through a pipe and is
/// never written to disk.
public record Handover(List<Tunnel> tunnels) {
  /// The longest handover, in bytes.
  public static final int MAX_BYTES = 16 * 1024 * 1024;

  private static final String DATABASE = "database";
  private static final String DB_USER = "db_user";
  private static final String DB_NAME = "db_name";
  private static final String REGION = "region";
  private static final String IDENTITY = "identity";
  private static final String AGENTS = "agents";

  /// One tunnel.
  ///
  /// @param identity the certificate, its key, and whom to trust
  /// @param agents ids of the hosts that serve the database
  public record Tunnel(RouteWish wish, String region, IdentityFile identity, List<String> agents) {
    /// Copies the list.
    public Tunnel {
      agents = List.copyOf(agents);
    }
  }

  /// Copies the list.
  public Handover {
    tunnels = List.copyOf(tunnels);
  }

  /// As it goes through the pipe.
  public Secret text() {
    var trees = new ArrayList<>();
    for (var tunnel : tunnels) {
      var tree = new LinkedHashMap<String, Object>();
      tree.put(DATABASE, tunnel.wish().database());
      tree.put(DB_USER, tunnel.wish().dbUser());
      tunnel.wish().dbName().ifPresent(name -> tree.put(DB_NAME, name));
      tree.put(REGION, tunnel.region());
      tree.put(IDENTITY, tunnel.identity().text());
      tree.put(AGENTS, tunnel.agents());
      trees.add(tree);
    }
    return Secret.of(Document.json(trees));
  }

  /// Reads it to its end.
  ///
  /// @throws CommandFailure when there is none, as for somebody who uses the hidden option by hand
  public static Handover read(InputStream in) {
    try {
      var bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new CommandFailure("more was handed over than " + MAX_BYTES + " bytes");
      }
      var tree = ControlJson.MAPPER.readTree(new String(bytes, StandardCharsets.UTF_8));
      var tunnels = new ArrayList<Tunnel>();
      for (var node : tree) {
        tunnels.add(tunnel(node));
      }
      if (tunnels.isEmpty()) {
        throw new CommandFailure(
            BackgroundStart.OPTION + " is for tsh itself; use --background instead");
      }
      return new Handover(tunnels);
    } catch (IOException | JacksonException e) {
      // Without the parser's words, which may quote a key.
      throw new CommandFailure("what was handed over cannot be read");
    }
  }

  private static Tunnel tunnel(JsonNode node) throws PemException {
    var agents = new ArrayList<String>();
    node.path(AGENTS).forEach(agent -> agents.add(agent.asString()));
    return new Tunnel(
        new RouteWish(
            text(node, DATABASE),
            text(node, DB_USER),
            node.has(DB_NAME) ? Optional.of(text(node, DB_NAME)) : Optional.empty()),
        text(node, REGION),
        IdentityFile.parse(text(node, IDENTITY)),
        agents);
  }

  private static String text(JsonNode node, String field) {
    var value = node.path(field);
    if (!value.isString()) {
      throw new CommandFailure("what was handed over has no " + field);
    }
    return value.stringValue();
  }
}
