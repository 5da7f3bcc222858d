/// The reverse tunnel: connections that agents open to the Proxy and leave parked there, how the
/// Proxy takes one for a user's connection, and how tsh dials through. A few small frames until
/// ACCEPT, bytes after it; whose bytes they are, and who may have them, others decide.
@NullMarked
package dev.sallyport.net.tunnel;

import org.jspecify.annotations.NullMarked;
