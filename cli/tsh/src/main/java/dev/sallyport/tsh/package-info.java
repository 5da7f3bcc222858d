/// The `tsh` command for people who use databases: sign in, listing, and a local tunnel for their
/// tools. Home folder, environment and streams are arguments, so many can run in one JVM. It talks
/// to the Proxy and to nothing else.
@NullMarked
package dev.sallyport.tsh;

import org.jspecify.annotations.NullMarked;
