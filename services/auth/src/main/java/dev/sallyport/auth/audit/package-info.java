/// What is written down: the trail of what Auth itself did and refused, and the intake of what
/// agents and proxies report.
@NullMarked
package dev.sallyport.auth.audit;

import org.jspecify.annotations.NullMarked;
