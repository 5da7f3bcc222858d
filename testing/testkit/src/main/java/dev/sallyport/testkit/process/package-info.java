/**
 * The installed commands as processes of the operating system. Starts them as a user would, waits
 * for what they print, and makes sure that none outlives its test or the demo. Knows nothing of
 * what the commands do.
 */
@NullMarked
package dev.sallyport.testkit.process;

import org.jspecify.annotations.NullMarked;
