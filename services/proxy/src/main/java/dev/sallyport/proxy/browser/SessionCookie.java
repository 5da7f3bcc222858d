package dev.sallyport.proxy.browser;

import dev.sallyport.model.Secret;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;

/// The cookie that stands for a session. Its `__Host-` name makes browsers refuse it from other
/// hosts, for a domain, without TLS or for a part of the site; scripts can't read it; and no
/// request that another site began carries it (`SameSite=Strict`: the pages need no cookie to open,
/// and what they fetch is of the same site, so nothing is lost by it).
final class SessionCookie {
  /// Its name.
  static final String NAME = "__Host-session";

  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{43}");

  private SessionCookie() {}

  /// What a browser shows; nothing if it shows none, two, or what is none of ours.
  static Optional<Secret> read(Context context) {
    var values = new ArrayList<String>();
    var cookies = context.req().getCookies();
    if (cookies != null) {
      for (var cookie : cookies) {
        if (cookie.getName().equals(NAME)) {
          values.add(cookie.getValue());
        }
      }
    }
    return values.size() == 1 && VALUE.matcher(values.getFirst()).matches()
        ? Optional.of(Secret.of(values.getFirst()))
        : Optional.empty();
  }

  /// Gives a browser its session.
  static void give(Context context, Secret session, Duration lasts) {
    write(context, session.reveal(), Math.max(1, lasts.toSeconds()));
  }

  /// Takes it away.
  static void take(Context context) {
    write(context, "", 0);
  }

  private static void write(Context context, String value, long seconds) {
    context.header(
        "Set-Cookie",
        NAME
            + "="
            + value
            + "; Path=/; Max-Age="
            + seconds
            + "; Secure; HttpOnly; SameSite=Strict");
  }
}
