package dev.sallyport.control;

/// What Auth has of one chain after a full commit. The agent may forget every record up to
/// `stored`. When `stored` is more than the agent ever sent, the agent's journal is an old copy and
/// it begins a new epoch.
///
/// @param epoch the chain, as in the batch
/// @param stored the highest sequence number up to which Auth has every record that it will ever
///   have; records that an agent says are lost count as had
public record JournalAck(String epoch, long stored) {}
