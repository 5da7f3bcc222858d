package dev.sallyport.audit;

import java.time.Instant;
import java.util.Objects;

/// What every event has.
///
/// @param uid unique; whoever stores an event twice under it stores it once
/// @param time when it happened, kept to the millisecond
/// @param clusterName the cluster that it happened in
/// @param index its place within a session, from 0; 0 where there is no session
public record EventHeader(String uid, Instant time, String clusterName, long index) {

  /// Refuses missing parts.
  public EventHeader {
    Objects.requireNonNull(uid, "uid");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(clusterName, "clusterName");
  }
}
