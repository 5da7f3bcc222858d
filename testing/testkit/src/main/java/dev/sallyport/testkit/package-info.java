/// What tests and the demo need: a cluster in one JVM, stand-ins for AWS that verify signatures,
/// clocks and fixtures. Nothing that is shipped may see it. Everything it opens binds to loopback
/// and ends with its owner.
@NullMarked
package dev.sallyport.testkit;

import org.jspecify.annotations.NullMarked;
