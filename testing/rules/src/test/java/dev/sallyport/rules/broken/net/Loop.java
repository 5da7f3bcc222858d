package dev.sallyport.rules.broken.net;

import dev.sallyport.rules.broken.sigv4.SignedRequest;
import java.util.concurrent.CompletableFuture;

/// A network class that waits and knows signatures.
final class Loop {
  String turn(CompletableFuture<String> next) {
    return next.join();
  }

  SignedRequest request() {
    return new SignedRequest();
  }
}
