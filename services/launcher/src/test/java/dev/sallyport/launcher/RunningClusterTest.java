package dev.sallyport.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.model.Kind;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.PeerTrust;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningClusterTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private Thread start(Path file, AtomicInteger code) {
    return Thread.ofPlatform()
        .start(() ->
            code.set(
                Teleport.run(
                    new String[] {"start", "-c", file.toString()},
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    Map.of(),
                    InstantSource.system())));
  }

  @Test
  void aClusterWithADatabaseComesUpAnswersThroughItsOnePortAndStops() throws Exception {
    var data = folder.resolve("data");
    var pid = folder.resolve("teleport.pid");
    var file =
        Files.writeString(
            folder.resolve("teleport.yaml"),
            """
            version: v3
            teleport:
              nodename: node-1
              data_dir: %s
              pid_file: %s
              log: {output: %s, severity: INFO, format: {output: json}}
            auth_service:
              enabled: yes
              cluster_name: example.com
              listen_addr: 127.0.0.1:0
            proxy_service:
              enabled: yes
              web_listen_addr: 127.0.0.1:0
            db_service:
              enabled: yes
              databases:
              - name: example-dynamodb
                protocol: dynamodb
                aws: {region: us-east-1, account_id: "123456789012"}
            """
                .formatted(data, pid, folder.resolve("teleport.log")));
    var code = new AtomicInteger(-1);
    var process = start(file, code);
    try {
      await()
          .atMost(Duration.ofSeconds(40))
          .until(
              () -> out().contains("[DB] Service is serving example-dynamodb") || code.get() >= 0);
      assertThat(out())
          .as(err.toString(StandardCharsets.UTF_8))
          .contains(
              "[AUTH] Service is listening on 127.0.0.1:",
              "[PROXY] Service is listening on 127.0.0.1:");
      assertThat(Files.readString(pid).strip()).isEqualTo("" + ProcessHandle.current().pid());

      var address = Files.readString(data.resolve("proxy.addr")).strip();
      assertThat(out()).contains("[PROXY] Service is listening on " + address);
      useTheOnePort(data, ControlEndpoint.parse(address, 0));
    } finally {
      process.interrupt();
      process.join(Duration.ofSeconds(30));
    }
    assertThat(process.isAlive()).isFalse();
    assertThat(code.get()).isZero();
    assertThat(pid).doesNotExist();
    assertThat(folder.resolve("teleport.log")).content().contains("\"level\":\"INFO\"");
  }

  private static void useTheOnePort(Path data, ControlEndpoint proxy) throws Exception {
    var admin = IdentityFile.read(data.resolve("admin.pem"));
    var verifier = new IdentityVerifier(admin::trust, InstantSource.system());
    var context = SSLContext.getInstance("TLS");
    context.init(
        null,
        new TrustManager[] {
          PeerTrust.server(verifier, dev.sallyport.model.SystemRole.PROXY, "proxy.example.com")
        },
        new SecureRandom());
    try (var control = new ControlClient(proxy, admin.identity(), verifier, "example.com");
        var web = HttpClient.newBuilder().sslContext(context).build()) {
      assertThat(control.status().clusterName()).isEqualTo("example.com");
      assertThat(control.list(Kind.DB_SERVER, false)).hasSize(1);

      var find = get(web, proxy.uri().resolve("/v1/webapi/find"));
      var json = ControlJson.ANSWERS.readTree(find);
      assertThat(json.at("/cluster_name").asString()).isEqualTo("example.com");
      assertThat(json.at("/proxy/ssh/public_addr").asString()).isEqualTo(proxy.toString());

      var invite =
          control.createUser(
              new CreateUserRequest("alice", List.of("access"), Map.of(), Optional.empty()));
      var link = URI.create(invite.url().reveal());
      assertThat(link.getPort()).isEqualTo(proxy.port());
      assertThat(get(web, link)).contains("value=\"alice\"");
      var password = URLEncoder.encode("a long enough password", StandardCharsets.UTF_8);
      var done =
          web.send(
              HttpRequest.newBuilder(link)
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "password=" + password + "&confirmation=" + password))
                  .build(),
              BodyHandlers.ofString());
      assertThat(done.body()).contains("tsh login --proxy=" + proxy + " --user=alice");
      assertThat(get(web, link)).contains("This link does not work");
    }
  }

  private static String get(HttpClient web, URI uri) throws Exception {
    return web.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }
}
