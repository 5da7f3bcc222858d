package dev.sallyport.bench.chain;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// The client speaks TLS to the upstream itself.
final class Direct implements Contender {
  private final Target target;

  Direct(Surroundings around) throws IOException {
    this.target =
        new Target(
            CannedUpstream.HOST + ":" + around.upstream.port(),
            around.upstream.port(),
            Optional.of(around.clientTls()));
  }

  @Override
  public String name() {
    return "direct";
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public Map<String, Long> processes() {
    return Map.of();
  }

  @Override
  public void close() {}
}
