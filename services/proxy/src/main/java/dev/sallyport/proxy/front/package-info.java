/// The one port: which connections get in, which door each ClientHello goes to, and what each door
/// demands. It carries users' and control connections without reading them.
@NullMarked
package dev.sallyport.proxy.front;

import org.jspecify.annotations.NullMarked;
