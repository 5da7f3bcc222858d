/// The front door: one listener that routes by ClientHello, accepts agent tunnels and serves the
/// control API. It carries sessions without reading them. Routes come only from the registry of
/// agents that are connected now.
@NullMarked
package dev.sallyport.proxy;

import org.jspecify.annotations.NullMarked;
