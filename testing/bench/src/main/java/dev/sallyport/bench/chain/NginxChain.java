package dev.sallyport.bench.chain;

import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Three nginx processes for the same hops: HTTP in with a pool, mutual TLS; a relay of bytes that
/// ends TLS and begins it again; HTTP with a pool that signs, TLS to the upstream. What C costs at
/// least; it knows no users, no policy, no record.
final class NginxChain implements Contender {
  private static final String MODULES = "/usr/lib/nginx/modules/";

  private final boolean signing;
  private final Path folder;
  private final Programs programs = new Programs();
  private final int local = FreePorts.next();

  NginxChain(Surroundings around, boolean signing) throws IOException {
    this.signing = signing;
    this.folder = Files.createDirectory(around.folder.resolve(name()));
    around.authority.issuePeer(folder, "peer", List.of(CannedUpstream.HOST));
    int relay = FreePorts.next();
    int signer = FreePorts.next();
    var common =
        Map.of(
            "FOLDER", folder.toString(),
            "AUTHORITY", around.authorityFile.toString(),
            "MODULES", MODULES,
            "UPSTREAM", Integer.toString(around.upstream.port()),
            "SIGNER", Integer.toString(signer),
            "RELAY", Integer.toString(relay),
            "LOCAL", Integer.toString(local));
    try {
      start("signer", signing ? "nginx-signer.conf" : "nginx-forwarder.conf", signer, common);
      start("relay", "nginx-relay.conf", relay, common);
      start("local", "nginx-local.conf", local, common);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /// Why this machine cannot run it, or nothing.
  static Optional<String> missing(boolean signing) {
    if (Programs.find("nginx").isEmpty()) {
      return Optional.of("no nginx found");
    }
    if (!Files.exists(Path.of(MODULES, "ngx_stream_module.so"))) {
      return Optional.of("nginx has no stream module (package libnginx-mod-stream)");
    }
    if (signing && !Files.exists(Path.of(MODULES, "ngx_http_lua_module.so"))) {
      return Optional.of("nginx has no Lua module (package libnginx-mod-http-lua)");
    }
    return Optional.empty();
  }

  private void start(String label, String template, int port, Map<String, String> values)
      throws IOException {
    var file = folder.resolve(label + ".conf");
    Files.writeString(file, Templates.filled(template, values), StandardCharsets.US_ASCII);
    programs.start(
        label,
        port,
        List.of(
            Programs.find("nginx").orElseThrow().toString(),
            "-e",
            "stderr",
            "-p",
            folder.toString(),
            "-c",
            file.toString()));
  }

  @Override
  public String name() {
    return signing ? "nginx" : "nginx-unsigned";
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
