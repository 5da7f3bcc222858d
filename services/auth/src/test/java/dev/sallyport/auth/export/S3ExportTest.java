package dev.sallyport.auth.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sallyport.pki.SystemTrust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class S3ExportTest {
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Map<String, String> headers = new ConcurrentHashMap<>();
  private volatile int status = 200;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var body = exchange.getRequestBody().readAllBytes();
          exchange
              .getRequestHeaders()
              .forEach((name, values) ->
                  headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
          if (status == 200) {
            objects.put(exchange.getRequestMethod() + " " + exchange.getRequestURI(), body);
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private S3Export export() throws IOException {
    return new S3Export(
        new ExportTarget.S3(
            "logs",
            "prod/",
            "eu-west-1",
            Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())),
            true,
            1 << 20,
            Duration.ofMinutes(1),
            SystemTrust.load(Map.of()),
            Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY", "canary")));
  }

  @Test
  void aBatchIsAnObjectAndPutAgainTheSameObject() throws Exception {
    try (var export = export()) {
      export.put(Rows.of(7, 2));
      export.put(Rows.of(7, 3));
      assertThat(export.target()).isEqualTo("s3://logs/prod/");
    }
    var key = "PUT /logs/prod/2030/01/31/20300131T101500Z-000000000007.jsonl.gz";
    assertThat(objects).containsOnlyKeys(key);
    var body = objects.getOrDefault(key, new byte[0]);
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
      assertThat(new String(gzip.readAllBytes(), StandardCharsets.UTF_8).lines())
          .containsExactly(Rows.body(7), Rows.body(8), Rows.body(9));
    }
    assertThat(headers)
        .containsEntry("content-encoding", "gzip")
        .containsEntry("content-length", Integer.toString(body.length))
        .containsKey("x-amz-checksum-sha256");
    assertThat(headers.get("authorization"))
        .contains("Credential=AKIDEXAMPLE/", "/eu-west-1/s3/aws4_request");
  }

  @Test
  void aRefusalIsToldWithoutSecrets() throws Exception {
    status = 403;
    try (var export = export()) {
      assertThatThrownBy(() -> export.put(Rows.of(1, 1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("403")
          .hasMessageNotContaining("canary");
    }
    assertThat(objects).isEmpty();
  }

  @Test
  void keysSortByTime() {
    assertThat(S3Export.key(Instant.parse("2030-12-01T00:00:00Z"), 12))
        .isEqualTo("2030/12/01/20301201T000000Z-000000000012.jsonl.gz");
  }
}
