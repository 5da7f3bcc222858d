/// Tests of the whole: real launchers, real AWS clients, real commands. They run as integration
/// tests against the assembled distribution. There is no code here for others to use.
@NullMarked
package dev.sallyport.e2e;

import org.jspecify.annotations.NullMarked;
