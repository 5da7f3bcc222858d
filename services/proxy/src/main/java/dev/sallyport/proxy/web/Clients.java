package dev.sallyport.proxy.web;

import dev.sallyport.control.admission.AddressLimiter;
import dev.sallyport.control.admission.Rate;
import io.javalin.http.Context;
import java.net.InetAddress;

/// How often a client may try a token, for routes beside [WebRoutes], whose check has been before.
public final class Clients {
  private final AddressLimiter tokens = new AddressLimiter(Rate.JOIN);

  /// Takes one try of the client, or refuses.
  ///
  /// @throws dev.sallyport.control.ControlException of kind LIMIT_EXCEEDED
  public void limit(Context context) {
    WebRoutes.limit(context, tokens);
  }

  /// The client's address, which no header of the client's can change.
  public static InetAddress address(Context context) {
    return WebRoutes.client(context);
  }
}
