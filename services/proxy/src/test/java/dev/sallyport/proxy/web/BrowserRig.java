package dev.sallyport.proxy.web;

import dev.sallyport.model.AuthPreference;
import dev.sallyport.proxy.browser.BrowserDesk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/// A web server with the web app's API before an Auth Service of the test's.
public final class BrowserRig implements AutoCloseable {
  private final WebServer server;

  /// Starts it.
  public BrowserRig(Path data, BrowserDesk desk) throws IOException {
    var facts =
        new WebFacts(
            "c.example", "p.example:3080", "0.0.0.0:3080", "1.0.0", AuthPreference.DEFAULT);
    var routes = new WebRoutes(() -> facts, new FakeAuthDesk(), desk, InstantSource.system());
    server = WebServer.start(data, routes::addTo);
  }

  /// Sends a client's text and reads until the server closes.
  public String exchange(String client, String text) throws IOException {
    return RawHttp.exchange(server.http1(), client, text);
  }

  @Override
  public void close() {
    server.close();
  }
}
