package dev.sallyport.rules.broken.tsh;

import dev.sallyport.rules.broken.auth.Authority;

/// A command that carries the server along.
final class Command {
  Object run() {
    return new Authority().buffer();
  }
}
