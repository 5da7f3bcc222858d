/// Which databases an agent serves: those of its file, and those that were created in the cluster.
@NullMarked
package dev.sallyport.agent.registration;

import org.jspecify.annotations.NullMarked;
