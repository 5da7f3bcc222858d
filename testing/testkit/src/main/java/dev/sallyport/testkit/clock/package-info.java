/// Time that a test may move. Clocks only: whoever waits, waits on a condition.
@NullMarked
package dev.sallyport.testkit.clock;

import org.jspecify.annotations.NullMarked;
