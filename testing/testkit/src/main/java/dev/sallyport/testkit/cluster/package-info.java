/// Auth, Proxy and Database Service in this JVM, with people who sign in and open tunnels: the real
/// commands as functions, over real sockets, on ports that the system chooses. For whole-cluster
/// tests that need no process of their own.
@NullMarked
package dev.sallyport.testkit.cluster;

import org.jspecify.annotations.NullMarked;
