/// Labels whose values commands on this host give: they run on their period, within bounds, and
/// what they say goes into the next heartbeat and the next decision.
@NullMarked
package dev.sallyport.agent.labels;

import org.jspecify.annotations.NullMarked;
