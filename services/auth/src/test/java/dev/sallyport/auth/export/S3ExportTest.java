package dev.sallyport.auth.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sallyport.aws.AwsSettings;
import dev.sallyport.pki.SystemTrust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class S3ExportTest {
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Map<String, String> headers = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private volatile Instant now = Instant.parse("2030-01-31T10:15:00Z");
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
          var answer = answers.get(exchange.getRequestURI().getPath());
          if (answer != null) {
            asked.add(new String(body, StandardCharsets.UTF_8));
            var bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
            return;
          }
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
    return export(Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY", "canary"));
  }

  private S3Export export(Map<String, String> env) throws IOException {
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
            AwsSettings.of(env),
            Optional.empty()),
        () -> now);
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

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private String role(String id, Instant end) {
    return """
    {"AccessKeyId":"%s","SecretAccessKey":"canary","Token":"t-%s","Expiration":"%s"}
    """
        .formatted(id, id, end);
  }

  @Test
  void aContainersRoleIsRenewedWhenItEnds() throws Exception {
    answers.put("/role", role("ASIAFIRST", now.plusSeconds(3600)));
    try (var export = export(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", address() + "/role"))) {
      export.put(Rows.of(1, 1));
      assertThat(headers.get("authorization")).contains("Credential=ASIAFIRST/");
      assertThat(headers).containsEntry("x-amz-security-token", "t-ASIAFIRST");
      now = now.plusSeconds(3500);
      answers.put("/role", role("ASIASECOND", now.plusSeconds(3600)));
      export.put(Rows.of(2, 1));
      assertThat(headers.get("authorization")).contains("Credential=ASIASECOND/");
      assertThat(asked).hasSize(2);
    }
  }

  @Test
  void aRoleByWebIdentityIsTakenAtStsOfTheEnvironment(@TempDir Path folder) throws Exception {
    var token = Files.writeString(folder.resolve("jwt"), "a.b.c");
    answers.put(
        "/",
        """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
        <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAWEB</AccessKeyId>
        <SecretAccessKey>canary</SecretAccessKey><SessionToken>t-web</SessionToken>
        <Expiration>%s</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
        </AssumeRoleWithWebIdentityResponse>
        """
            .formatted(now.plusSeconds(3600)));
    try (var export =
        export(
            Map.of(
                "AWS_ENDPOINT_URL_STS",
                address(),
                "AWS_ROLE_ARN",
                "arn:aws:iam::123456789012:role/audit",
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                token.toString()))) {
      export.put(Rows.of(1, 1));
    }
    assertThat(asked).singleElement().asString().contains("WebIdentityToken=a.b.c", "role%2Faudit");
    assertThat(headers.get("authorization")).contains("Credential=ASIAWEB/", "/s3/aws4_request");
    assertThat(headers).containsEntry("x-amz-security-token", "t-web");
  }

  @Test
  void keysSortByTime() {
    assertThat(S3Export.key(Instant.parse("2030-12-01T00:00:00Z"), 12))
        .isEqualTo("2030/12/01/20301201T000000Z-000000000012.jsonl.gz");
  }
}
