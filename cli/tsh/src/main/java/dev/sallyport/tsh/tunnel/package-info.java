/// The far side of the local proxy: certificates for one database, kept in memory and renewed ahead
/// of their end, and connections to its agents through the Proxy.
@NullMarked
package dev.sallyport.tsh.tunnel;

import org.jspecify.annotations.NullMarked;
