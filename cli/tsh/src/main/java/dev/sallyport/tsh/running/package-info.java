/// The tunnels that one process holds open: opening several together, and telling people, scripts
/// and shells how to use them.
@NullMarked
package dev.sallyport.tsh.running;

import org.jspecify.annotations.NullMarked;
