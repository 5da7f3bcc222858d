package dev.sallyport.proxy.browser;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Secret;
import io.javalin.http.Context;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// One request of a browser: where it came from, and the session that it shows, if any.
final class Visit {
  private final Context context;
  private final InetAddress client;
  private final BrowserDesk desk;
  private final WebSessions sessions;

  Visit(Context context, InetAddress client, BrowserDesk desk, WebSessions sessions) {
    this.context = context;
    this.client = client;
    this.desk = desk;
    this.sessions = sessions;
  }

  /// The client's address, as the port saw it.
  String address() {
    return client.getHostAddress();
  }

  /// What the browser calls itself, which proves nothing.
  Optional<String> agent() {
    return Optional.ofNullable(context.userAgent());
  }

  /// The session that the browser shows.
  Optional<Secret> session() {
    return SessionCookie.read(context);
  }

  /// The state of the session, as Auth knows it now.
  WebSessions.Held refreshed() {
    return guarded(session -> sessions.renew(session, address()));
  }

  /// Does work with the session's certificate.
  <T> T asUser(Function<PersonDesk, T> work) {
    return guarded(session -> desk.as(sessions.use(session, address()).identity(), work));
  }

  /// Gives the browser a session.
  void begin(Secret session, Duration lasts) {
    SessionCookie.give(context, session, lasts);
  }

  /// Forgets the browser's session, here and in the browser.
  void forget() {
    session().ifPresent(sessions::forget);
    SessionCookie.take(context);
  }

  private <T> T guarded(Function<Secret, T> work) {
    var session = session().orElseThrow(() -> new NotSignedIn("not signed in"));
    try {
      return work.apply(session);
    } catch (ControlException e) {
      if (e.kind() == ErrorKind.ACCESS_DENIED && isOver(session)) {
        forget();
        throw new NotSignedIn(e.reason());
      }
      throw e;
    }
  }

  /// Whether it was the session that was refused, and not what was asked with it.
  private boolean isOver(Secret session) {
    try {
      sessions.renew(session, address());
      return false;
    } catch (ControlException e) {
      return e.kind() == ErrorKind.ACCESS_DENIED;
    }
  }
}
