package dev.sallyport.diagnostics;

import java.util.Locale;

/// Which service a component is.
public enum ServiceName {
  /// The Auth Service.
  AUTH,
  /// The Proxy Service.
  PROXY,
  /// The Database Service.
  DB;

  /// As people write it.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
