package dev.sallyport.bench.chain;

import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.testkit.tls.PublicAuthority;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// What all contenders share: a folder, an authority, and the upstream.
final class Surroundings implements AutoCloseable {
  static final String LOOPBACK = "127.0.0.1";

  final Path folder;
  final PublicAuthority authority;
  final Path authorityFile;
  final CannedUpstream upstream;

  Surroundings(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    this.authority = new PublicAuthority("Benchmark authority", InstantSource.system().instant());
    this.authorityFile = authority.writeCertificate(folder.resolve("authority.pem"));
    var shown = authority.issueServer(folder, "upstream", List.of(CannedUpstream.HOST));
    this.upstream = new CannedUpstream(new NetRuntime("upstream", 1, TlsProvider.best()), shown);
  }

  /// How a client trusts the upstream.
  SslContext clientTls() throws IOException {
    return SslContextBuilder.forClient()
        .trustManager(authorityFile.toFile())
        .sslProvider(SslProvider.OPENSSL)
        .build();
  }

  @Override
  public void close() {
    upstream.close();
  }
}
