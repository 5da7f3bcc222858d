/// The way to AWS: an HTTP/1.1 client with kept connections for each destination and event loop.
/// Takes nothing but a [dev.sallyport.agent.signing.SignedRequest], sends it once, and streams the
/// answer as fast as its reader takes it.
@NullMarked
package dev.sallyport.agent.upstream;

import org.jspecify.annotations.NullMarked;
