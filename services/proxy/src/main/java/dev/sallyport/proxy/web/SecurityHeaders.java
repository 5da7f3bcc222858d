package dev.sallyport.proxy.web;

import io.javalin.http.Context;

/// What every answer tells the browser: nothing from elsewhere, nobody frames us, nothing is
/// guessed, nothing is kept, and no address of ours is told to others (it may hold an invitation's
/// secret).
final class SecurityHeaders {
  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  /// One year; the name of the Proxy is served over TLS alone.
  private static final String TLS_ONLY = "max-age=31536000";

  private SecurityHeaders() {}

  /// Sets them before a route runs, so that errors have them too.
  static void set(Context context) {
    context.header("Content-Security-Policy", PAGE_POLICY);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("X-Frame-Options", "DENY");
    context.header("Referrer-Policy", "no-referrer");
    context.header("Cross-Origin-Opener-Policy", "same-origin");
    context.header("Cross-Origin-Resource-Policy", "same-origin");
    context.header("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    context.header("Strict-Transport-Security", TLS_ONLY);
    context.header("Cache-Control", "no-store");
  }
}
