/// Proving who the user is with a browser: a page at the Proxy asks, and the answer comes sealed to
/// a port of this machine.
@NullMarked
package dev.sallyport.tsh.browser;

import org.jspecify.annotations.NullMarked;
