/// The `teleport` command: reads the configuration file and starts any of auth, proxy and agent in
/// one process. It is the only place that sees all three services. Signals, logging and exit codes
/// of the process are settled here.
@NullMarked
package dev.sallyport.launcher;

import org.jspecify.annotations.NullMarked;
