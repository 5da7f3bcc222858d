package dev.sallyport.proxy.browser;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import io.javalin.http.Context;

/// Refuses what another site had the browser send. Each request that changes something must carry a
/// header that a form can't set and that another site's script may not set without asking first,
/// and an `Origin` that is this very site; a browser that says more (`Sec-Fetch-Site`) must say the
/// same. All hold, or nothing is done: no cookie is looked at before.
final class SameSite {
  /// The header; its value is [#VALUE].
  static final String HEADER = "Sallyport-Request";

  /// What it must say.
  static final String VALUE = "web";

  private static final int HTTPS = 443;

  private SameSite() {}

  /// @throws ControlException of kind ACCESS_DENIED if it is not this site that asks
  static void require(Context context) {
    var site = context.header("Sec-Fetch-Site");
    if (!VALUE.equals(context.header(HEADER))
        || !origin(context).equals(context.header("Origin"))
        || (site != null && !site.equals("same-origin"))) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED, "this request did not come from a page of this site");
    }
  }

  /// This site, as a browser writes it. Asked of the request and not of its `Host` header, which
  /// HTTP/2 has no need of.
  private static String origin(Context context) {
    var request = context.req();
    int port = request.getServerPort();
    return "https://" + request.getServerName() + (port == HTTPS ? "" : ":" + port);
  }
}
