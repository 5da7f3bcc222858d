package dev.sallyport.testkit.site;

import dev.sallyport.control.ControlJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * The browser of an invited user: opens the link, and does what its page does to set a password.
 */
public final class InvitePage {
  private static final Pattern LINK = Pattern.compile("/web/(invite|reset)/([^/]+)");

  private final HttpClient browser;

  /** A browser that trusts so. */
  public InvitePage(SSLContext trust) {
    this.browser = HttpClient.newBuilder().sslContext(trust).build();
  }

  /** Chooses a password, without a second factor; an error shows the answer that said no. */
  public void choose(URI link, String password) throws IOException, InterruptedException {
    HttpResponse<String> page =
        browser.send(HttpRequest.newBuilder(link).build(), BodyHandlers.ofString());
    require(page, 200);
    Matcher parts = LINK.matcher(link.getPath());
    if (!parts.matches()) {
      throw new AssertionError(link + " is no link of an invitation or a reset");
    }
    Map<String, String> which = Map.of("kind", parts.group(1), "token", parts.group(2));
    require(post(link, "open", which), 200);
    require(post(link, "accept", Map.of("link", which, "password", password)), 204);
  }

  private HttpResponse<String> post(URI link, String step, Object body)
      throws IOException, InterruptedException {
    return browser.send(
        HttpRequest.newBuilder(link.resolve("/v1/web/links/" + step))
            .header("Content-Type", "application/json")
            .header("Origin", link.getScheme() + "://" + link.getAuthority())
            .header("Sallyport-Request", "web")
            .POST(BodyPublishers.ofByteArray(ControlJson.bytes(body)))
            .build(),
        BodyHandlers.ofString());
  }

  private static void require(HttpResponse<String> answer, int status) {
    if (answer.statusCode() != status) {
      throw new AssertionError(
          answer.uri()
              + " answered "
              + answer.statusCode()
              + " (expected: "
              + status
              + ")\n"
              + answer.body());
    }
  }
}
