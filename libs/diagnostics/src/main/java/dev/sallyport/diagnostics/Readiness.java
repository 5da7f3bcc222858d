package dev.sallyport.diagnostics;

import java.time.Duration;

/// What became of one component:
///
/// ```
/// STARTING ──healthy──▶ OK ──not for 3 s──▶ DEGRADED ──healthy──▶ RECOVERING ──for 10 s──▶ OK
///                                              ▲                       │
///                                              └──────────not──────────┘
/// ```
///
/// Safe for any thread.
final class Readiness {
  /// How long a component has to be ill before it counts as such: a pause of the machine is none.
  static final Duration ILLNESS = Duration.ofSeconds(3);

  /// How long it has to be healthy again, so that what flaps is not sent traffic at each upswing.
  static final Duration RECOVERY = Duration.ofSeconds(10);

  private ComponentState state = ComponentState.STARTING;
  private boolean healthy;
  private long since;

  synchronized ComponentState state() {
    return state;
  }

  /// @param nanos of a clock that nobody sets
  synchronized void observed(boolean nowHealthy, long nanos) {
    if (nowHealthy != healthy) {
      healthy = nowHealthy;
      since = nanos;
    }
    long lasted = nanos - since;
    state =
        switch (state) {
          case STARTING -> healthy ? ComponentState.OK : state;
          case OK -> healthy || lasted < ILLNESS.toNanos() ? state : ComponentState.DEGRADED;
          case DEGRADED -> healthy ? ComponentState.RECOVERING : state;
          case RECOVERING -> recovering(lasted);
        };
  }

  private ComponentState recovering(long lasted) {
    if (!healthy) {
      return ComponentState.DEGRADED;
    }
    return lasted < RECOVERY.toNanos() ? ComponentState.RECOVERING : ComponentState.OK;
  }
}
