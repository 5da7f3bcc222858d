/// The `tsh` command for people who use databases: login, listing, and a local listener for their
/// tools. Home folder, environment and streams are arguments, so many can run in one JVM. It talks
/// to the proxy and to nothing else.
@NullMarked
package dev.sallyport.tsh;

import org.jspecify.annotations.NullMarked;
