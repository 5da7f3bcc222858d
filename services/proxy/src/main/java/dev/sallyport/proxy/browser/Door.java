package dev.sallyport.proxy.browser;

import dev.sallyport.control.admission.AddressLimiter;
import io.javalin.http.Context;
import java.net.InetAddress;

/// What the web server does alike for all its routes.
public interface Door {
  /// The client's address, which no header of its can change.
  InetAddress client(Context context);

  /// The body, within bounds, which must be declared as JSON.
  byte[] json(Context context);

  /// Takes one try of the client, or refuses.
  void limit(Context context, AddressLimiter limiter);
}
