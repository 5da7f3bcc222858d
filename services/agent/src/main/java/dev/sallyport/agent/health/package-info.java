/// Whether the endpoints of this agent's databases can be reached from here. It is told to the
/// cluster, which prefers agents that reach the database; it refuses no request.
@NullMarked
package dev.sallyport.agent.health;

import org.jspecify.annotations.NullMarked;
