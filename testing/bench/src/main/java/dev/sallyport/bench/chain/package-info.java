/// The whole chain as real processes, beside what else could stand in its place, in one run.
///
/// [dev.sallyport.bench.chain.ChainBench] is the program. Rounds take turns over the contenders, so
/// that what else the machine does falls on all of them; read ratios, never single numbers.
@NullMarked
package dev.sallyport.bench.chain;

import org.jspecify.annotations.NullMarked;
