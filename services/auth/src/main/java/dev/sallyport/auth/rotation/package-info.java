/// Changing the keys of the cluster's authorities, step by step, while everything goes on.
@NullMarked
package dev.sallyport.auth.rotation;

import org.jspecify.annotations.NullMarked;
