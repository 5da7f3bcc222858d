/// What tsh asks of a cluster, through the Proxy's one port.
@NullMarked
package dev.sallyport.tsh.cluster;

import org.jspecify.annotations.NullMarked;
