package dev.sallyport.rules.broken.policy;

import dev.sallyport.rules.broken.auth.Authority;

/// A decision that asks a service.
final class Decision {
  Object ask() {
    return new Authority().buffer();
  }
}
