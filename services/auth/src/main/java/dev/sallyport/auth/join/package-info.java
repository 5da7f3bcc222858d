/// How hosts become parts of the cluster, and what they then say of themselves: join by token, the
/// databases they announce.
@NullMarked
package dev.sallyport.auth.join;

import org.jspecify.annotations.NullMarked;
