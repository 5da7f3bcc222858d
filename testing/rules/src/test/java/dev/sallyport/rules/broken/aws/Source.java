package dev.sallyport.rules.broken.aws;

import dev.sallyport.rules.broken.sigv4.SignedRequest;

/// A source of credentials that knows what they are used for.
final class Source {
  SignedRequest request() {
    return new SignedRequest();
  }
}
