package dev.sallyport.bench.chain;

import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Three haproxy processes with HTTP/2 over mutual TLS between them, so that requests of many
/// clients share a connection and a write. Does not sign.
final class HaproxyChain implements Contender {
  private final Programs programs = new Programs();
  private final int local = FreePorts.next();

  HaproxyChain(Surroundings around) throws IOException {
    var folder = Files.createDirectory(around.folder.resolve(name()));
    var pair = around.authority.issuePeer(folder, "peer", List.of(CannedUpstream.HOST));
    Files.writeString(
        folder.resolve("peer.pem"),
        Files.readString(pair.certificate()) + Files.readString(pair.key()));
    int relay = FreePorts.next();
    int forwarder = FreePorts.next();
    var values =
        Map.of(
            "FOLDER", folder.toString(),
            "AUTHORITY", around.authorityFile.toString(),
            "UPSTREAM", Integer.toString(around.upstream.port()),
            "FORWARDER", Integer.toString(forwarder),
            "RELAY", Integer.toString(relay),
            "LOCAL", Integer.toString(local));
    try {
      for (var hop :
          List.of(
              Map.entry("forwarder", forwarder),
              Map.entry("relay", relay),
              Map.entry("local", local))) {
        var file = folder.resolve(hop.getKey() + ".cfg");
        Files.writeString(file, Templates.filled("haproxy-" + hop.getKey() + ".cfg", values));
        programs.start(
            hop.getKey(),
            hop.getValue(),
            List.of(Programs.find("haproxy").orElseThrow().toString(), "-f", file.toString()));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /// Why this machine cannot run it, or nothing.
  static Optional<String> missing() {
    return Programs.find("haproxy").isPresent()
        ? Optional.empty()
        : Optional.of("no haproxy found");
  }

  @Override
  public String name() {
    return "haproxy-h2";
  }

  @Override
  public Target target() {
    return new Target("localhost:" + local, local, Optional.empty());
  }

  @Override
  public Map<String, Long> processes() {
    return programs.pids();
  }

  @Override
  public void close() {
    programs.close();
  }
}
