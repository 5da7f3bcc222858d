package dev.sallyport.testkit.site;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;

/** The browser of an invited user: opens the link, fills in the form, sends it. */
public final class InvitePage {
  private final HttpClient browser;

  /** A browser that trusts so. */
  public InvitePage(SSLContext trust) {
    this.browser = HttpClient.newBuilder().sslContext(trust).build();
  }

  /** Chooses a password; an error shows the page that said no. */
  public void choose(URI link, String password) throws IOException, InterruptedException {
    HttpResponse<String> page =
        browser.send(HttpRequest.newBuilder(link).build(), BodyHandlers.ofString());
    require(page, 200);
    String encoded = URLEncoder.encode(password, StandardCharsets.UTF_8);
    HttpResponse<String> answer =
        browser.send(
            HttpRequest.newBuilder(link)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", link.getScheme() + "://" + link.getAuthority())
                .POST(BodyPublishers.ofString("password=" + encoded + "&confirmation=" + encoded))
                .build(),
            BodyHandlers.ofString());
    require(answer, 200);
    if (!answer.body().contains("tsh login")) {
      throw new AssertionError("the page does not say how to go on:\n" + answer.body());
    }
  }

  private static void require(HttpResponse<String> page, int status) {
    if (page.statusCode() != status) {
      throw new AssertionError(
          page.uri()
              + " answered "
              + page.statusCode()
              + " (expected: "
              + status
              + ")\n"
              + page.body());
    }
  }
}
