package dev.sallyport.rules.broken.proxy;

import dev.sallyport.rules.broken.auth.Authority;
import org.junit.jupiter.api.Assertions;

/// A service that sees another one, and test code.
final class Front {
  Object peek() {
    var seen = new Authority().buffer();
    Assertions.assertNotNull(seen);
    return seen;
  }
}
