/// Benchmarks: the hot paths under JMH, and the whole chain against the direct path. Numbers are
/// compared on one machine in one sitting, never across machines. Nothing here is shipped.
@NullMarked
package dev.sallyport.bench;

import org.jspecify.annotations.NullMarked;
