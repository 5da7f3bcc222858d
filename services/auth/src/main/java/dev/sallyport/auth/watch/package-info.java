/// The stream of changes that proxies and agents keep their view of the cluster by.
@NullMarked
package dev.sallyport.auth.watch;

import org.jspecify.annotations.NullMarked;
