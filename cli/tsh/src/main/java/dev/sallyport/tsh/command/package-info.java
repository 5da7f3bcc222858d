/// One class for each command. Options are read by picocli; what a command needs is loaded when it
/// runs, so that a short one starts fast.
@NullMarked
package dev.sallyport.tsh.command;

import org.jspecify.annotations.NullMarked;
