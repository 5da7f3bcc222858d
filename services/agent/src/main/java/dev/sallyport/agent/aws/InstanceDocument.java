package dev.sallyport.agent.aws;

import dev.sallyport.aws.AwsSettings;
import dev.sallyport.control.JoinDoor;
import dev.sallyport.control.host.JoinProof;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Joins as the EC2 instance that this host is: shows its identity document with AWS's RSA-2048
/// signature, which the metadata service gives (version 2 alone, with a session token).
public final class InstanceDocument implements JoinProof {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int LENGTH_MAX = 16_384;
  private static final int OK = 200;
  private static final String SESSION_SECONDS = "60";

  private final String token;
  private final AwsSettings settings;

  /// @param token its name, which is no secret
  public InstanceDocument(String token, AwsSettings settings) {
    this.token = token;
    this.settings = settings;
  }

  @Override
  public Shown show(JoinDoor door, PublicKey key) throws IOException {
    if (settings.isOn(AwsSettings.METADATA_OFF)) {
      throw new IOException(
          "join method ec2 needs the instance metadata service, and "
              + AwsSettings.METADATA_OFF
              + " is true");
    }
    var at = settings.metadataService();
    try (var client = client()) {
      try {
        var session =
            ask(
                client,
                HttpRequest.newBuilder(URI.create(at + "/latest/api/token"))
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .header("X-aws-ec2-metadata-token-ttl-seconds", SESSION_SECONDS),
                at);
        var document =
            ask(
                client,
                HttpRequest.newBuilder(URI.create(at + "/latest/dynamic/instance-identity/rsa2048"))
                    .header("X-aws-ec2-metadata-token", session.strip()),
                at);
        return Shown.instance(token, Secret.of(document));
      } catch (IllegalArgumentException e) {
        throw new IOException("the instance metadata service has no usable address: " + at, e);
      } finally {
        client.shutdownNow();
      }
    }
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .proxy(HttpClient.Builder.NO_PROXY)
        .connectTimeout(LIMIT)
        .build();
  }

  private static String ask(HttpClient client, HttpRequest.Builder request, String at)
      throws IOException {
    var answer =
        client.sendAsync(
            request.timeout(LIMIT).build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofString(StandardCharsets.US_ASCII), LENGTH_MAX));
    try {
      var response = answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != OK) {
        throw new IOException(
            "the instance metadata service at %s answers with status %d (version 2)"
                .formatted(at, response.statusCode()));
      }
      return response.body();
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(
          "the instance metadata service at %s does not answer (a container may need a hop limit"
                  .formatted(at)
              + " of 2)",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("was told to stop", e);
    }
  }

  @Override
  public String hint(SystemRole role) {
    return "The cluster does not let this instance join: the reason says why. See the allow rules"
        + " and aws_iid_ttl of the token that join_params.token_name names ('tctl get token')";
  }
}
