/// How a process becomes a host of a cluster and stays one: it joins with a token, keeps its
/// certificates in a folder, and writes them down again when they change.
@NullMarked
package dev.sallyport.control.host;

import org.jspecify.annotations.NullMarked;
