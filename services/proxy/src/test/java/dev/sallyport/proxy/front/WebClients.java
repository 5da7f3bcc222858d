package dev.sallyport.proxy.front;

import dev.sallyport.proxy.web.FakeAuthDesk;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.security.SecureRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Clients of the web door.
final class WebClients {
  private WebClients() {}

  static HttpClient http2(X509ExtendedTrustManager trust) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {trust}, new SecureRandom());
    return HttpClient.newBuilder().sslContext(context).version(HttpClient.Version.HTTP_2).build();
  }

  static HttpRequest login(int port) {
    var body =
        "{\"user\":\"alice\",\"password\":\""
            + FakeAuthDesk.PASSWORD
            + "\",\"tls_pub_key\":\"KEY\"}";
    return HttpRequest.newBuilder(
            URI.create("https://127.0.0.1:" + port + "/webapi/mfa/login/finish"))
        .header("Content-Type", "application/json")
        .header("X-Forwarded-For", "192.0.2.1")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  /// What a page of this origin sends when it opens an invitation.
  static HttpRequest invitation(int port, String origin) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/v1/web/links/open"))
        .header("Content-Type", "application/json")
        .header("Sallyport-Request", "web")
        .header("Origin", origin)
        .POST(HttpRequest.BodyPublishers.ofString("{\"kind\":\"invite\",\"token\":\"first\"}"))
        .build();
  }
}
