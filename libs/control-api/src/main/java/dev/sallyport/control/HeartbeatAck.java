package dev.sallyport.control;

import java.time.Instant;

/// A heartbeat was taken; without another one the databases vanish at `expires`.
public record HeartbeatAck(Instant expires) {}
