/// The agent's records: events are put into a bounded queue at once, from there into the local log,
/// from there to Auth.
@NullMarked
package dev.sallyport.agent.record;

import org.jspecify.annotations.NullMarked;
