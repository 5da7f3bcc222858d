/// Tunnels that outlive the command which opened them: their folder, the socket by which they are
/// asked and stopped, and the process that carries them.
@NullMarked
package dev.sallyport.tsh.background;

import org.jspecify.annotations.NullMarked;
