package dev.sallyport.bench.chain;

import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Three processes for the same hops, two of them nginx or all: HTTP in with a pool, mutual TLS;
/// the other end of that; what sends to the upstream by TLS. None knows users, policy or records.
final class NginxChain implements Contender {
  /// What stands behind the first hop, which is the same in all.
  enum Shape {
    /// A relay of bytes that ends TLS and begins it again; HTTP with a pool that signs. What C
    /// costs at least.
    SIGNING("nginx"),
    /// The same, and nobody signs.
    FORWARDING("nginx-unsigned"),
    /// HTTP with a pool, and beside it a generic proxy that signs, without TLS in between: what can
    /// be put together without a line of code.
    ASSEMBLED("assembled");

    private final String name;

    Shape(String name) {
      this.name = name;
    }

    String contender() {
      return name;
    }

    /// Why this machine cannot run it, or nothing.
    Optional<String> missing() {
      if (Programs.find("nginx").isEmpty()) {
        return Optional.of("no nginx found");
      }
      return switch (this) {
        case SIGNING ->
            FORWARDING
                .missing()
                .or(() -> module("ngx_http_lua_module.so", "libnginx-mod-http-lua"));
        case FORWARDING -> module("ngx_stream_module.so", "libnginx-mod-stream");
        case ASSEMBLED -> Resigner.missing();
      };
    }

    private static Optional<String> module(String file, String from) {
      return Files.exists(Path.of(MODULES, file))
          ? Optional.empty()
          : Optional.of("nginx has no %s (package %s)".formatted(file, from));
    }
  }

  private static final String MODULES = "/usr/lib/nginx/modules/";

  private final Shape shape;
  private final Path folder;
  private final Programs programs = new Programs();
  private final int signer = FreePorts.next();
  private final int relay = FreePorts.next();
  private final int local = FreePorts.next();

  NginxChain(Surroundings around, Shape shape) throws IOException {
    this.shape = shape;
    this.folder = Files.createDirectory(around.folder.resolve(name()));
    around.authority.issuePeer(folder, "peer", List.of(CannedUpstream.HOST));
    var values =
        Map.of(
            "FOLDER", folder.toString(),
            "AUTHORITY", around.authorityFile.toString(),
            "MODULES", MODULES,
            "UPSTREAM", Integer.toString(around.upstream.port()),
            "SIGNER", Integer.toString(signer),
            "RELAY", Integer.toString(relay),
            "LOCAL", Integer.toString(local));
    try {
      switch (shape) {
        case SIGNING -> {
          start("signer", "nginx-signer.conf", signer, values);
          start("relay", "nginx-relay.conf", relay, values);
        }
        case FORWARDING -> {
          start("signer", "nginx-forwarder.conf", signer, values);
          start("relay", "nginx-relay.conf", relay, values);
        }
        case ASSEMBLED -> {
          programs.start("signer", signer, Resigner.built(folder).commandLine(signer, around));
          start("relay", "nginx-end.conf", relay, values);
        }
      }
      start("local", "nginx-local.conf", local, values);
    } catch (IOException e) {
      close();
      throw e;
    }
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
    return shape.contender();
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
