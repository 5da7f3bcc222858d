package dev.sallyport.testkit.aws;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/// Passes requests to an HTTP server on this machine, such as [DynamoDbLocal].
public final class HttpUpstream implements Upstream, AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /// Belong to one hop.
  private static final Set<String> OF_THE_HOP =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final URI server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  /// Passes to the server at this address.
  public HttpUpstream(URI server) {
    this.server = server;
  }

  @Override
  public WireResponse answer(WireRequest request, AccessKey caller) {
    HttpRequest.Builder passed =
        HttpRequest.newBuilder(server.resolve(request.path()))
            .timeout(TIMEOUT)
            .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
    for (WireHeader header : request.headers()) {
      if (!OF_THE_HOP.contains(header.name().toLowerCase(Locale.ROOT))) {
        passed.header(header.name(), header.value());
      }
    }
    try {
      HttpResponse<byte[]> answer =
          client.send(passed.build(), HttpResponse.BodyHandlers.ofByteArray());
      List<WireHeader> headers = new ArrayList<>();
      answer
          .headers()
          .map()
          .forEach((name, values) -> {
            if (!OF_THE_HOP.contains(name.toLowerCase(Locale.ROOT))) {
              values.forEach(value -> headers.add(new WireHeader(name, value)));
            }
          });
      return WireResponse.Answer.of(answer.statusCode(), headers, answer.body());
    } catch (IOException e) {
      return unavailable();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unavailable();
    }
  }

  private static WireResponse unavailable() {
    return ScriptedUpstream.json(
        500,
        UUID.randomUUID().toString(),
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#InternalServerError\",\"message\":\"backend"
            + " is gone\"}");
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
