/// The Netty kit: TLS, routing by ClientHello, splicing with back-pressure, draining, and both ends
/// of the reverse tunnel. Event loops never wait here; whoever starts a channel also closes it. It
/// moves bytes and knows no database protocol, role or user.
@NullMarked
package dev.sallyport.net;

import org.jspecify.annotations.NullMarked;
