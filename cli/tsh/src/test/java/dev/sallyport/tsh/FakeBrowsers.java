package dev.sallyport.tsh;

import dev.sallyport.control.ConsoleCancel;
import dev.sallyport.control.ConsoleStart;
import dev.sallyport.control.ConsoleStarted;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.SealedAnswer;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.tsh.browser.BrowserSignIn;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Requests for a browser, and the browser that a test is.
final class FakeBrowsers implements BrowserSignIn.Desk {
  static final Secret SECRET = Secret.of("the tool's own");

  final List<ConsoleStart> started = new CopyOnWriteArrayList<>();
  final List<ConsoleCancel> cancelled = new CopyOnWriteArrayList<>();

  @Override
  public ConsoleStarted start(ConsoleStart start) {
    started.add(start);
    return new ConsoleStarted("id", SECRET, "/web/login?console=id", Instant.MAX);
  }

  @Override
  public void cancel(String id, ConsoleCancel cancel) {
    cancelled.add(cancel);
  }

  /// What Auth seals to the tool.
  String sealed(Object answer) throws PemException {
    var recipient = Pem.publicKey(started.getFirst().sealingKey());
    var salt = SealedAnswer.salt(SECRET);
    return SealedAnswer.seal(ControlJson.bytes(answer), recipient, KeyPairs.generate(), salt)
        .reveal();
  }

  /// What the browser is answered at the tool's port.
  int visit(String path) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + started.getFirst().port() + path);
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1).build(),
              HttpResponse.BodyHandlers.ofString())
          .statusCode();
    }
  }
}
