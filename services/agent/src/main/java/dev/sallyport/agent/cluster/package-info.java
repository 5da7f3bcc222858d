/// The agent as a member of its cluster: how it joins, what it keeps of that on disk, and how it
/// tells Auth which databases it serves.
@NullMarked
package dev.sallyport.agent.cluster;

import org.jspecify.annotations.NullMarked;
