package dev.sallyport.auth;

import dev.sallyport.audit.ClusterEvent.StoreState;
import dev.sallyport.auth.audit.AuditKeeper;
import dev.sallyport.control.AuditState;
import dev.sallyport.control.ControlException;
import dev.sallyport.diagnostics.Component;
import dev.sallyport.diagnostics.Counters;
import dev.sallyport.diagnostics.MetricText;
import dev.sallyport.diagnostics.MetricText.Label;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.StoreException;
import java.time.Duration;
import java.util.Locale;

/// How the state and the audit log are.
final class AuthMetrics implements Component {
  private static final double MILLIS = 1000;

  private final StateStore state;
  private final AuditKeeper audit;
  private final Counters<StoreState> notices;

  /// Kinds of places to which records are copied, as exports are named.
  private enum Place {
    FILE,
    STDOUT,
    SYSLOG,
    S3;

    Label label() {
      return new Label("export", this);
    }
  }

  AuthMetrics(StateStore state, AuditKeeper audit, Counters<StoreState> notices) {
    this.state = state;
    this.audit = audit;
    this.notices = notices;
  }

  /// Whether the state can be read.
  @Override
  public boolean healthy() {
    try {
      return state.revision() >= 0;
    } catch (StoreException e) {
      return false;
    }
  }

  @Override
  public void measure(MetricText out) {
    out.gauge("sallyport_auth_state_revision", "How many commits the state ever had.")
        .sample(state.revision());
    out.counters(
        "sallyport_audit_store_notices_total",
        "Events audit.store: what was dropped, is missing or contradicts.",
        "state",
        notices);
    try {
      audit(audit.state(), out);
    } catch (ControlException e) {
      // The audit store can't be read: what is missing tells so.
    }
  }

  private static void audit(AuditState now, MetricText out) {
    out.gauge("sallyport_audit_store_position", "How many records ever came.")
        .sample(now.position());
    out.gauge("sallyport_audit_store_bytes", "What the audit log takes on disk.")
        .sample(now.bytes());
    out.gauge("sallyport_audit_store_limit_bytes", "Beyond how many bytes the oldest go.")
        .sample(now.keptBytes());
    out.gauge("sallyport_audit_store_chains", "How many chains it has.").sample(now.chains());
    out.gauge("sallyport_audit_store_set_aside_records", "Records that are no events.")
        .sample(now.setAside());
    var lag = out.gauge("sallyport_audit_export_lag_records", "Records that were not copied yet.");
    now.exports().forEach(each -> lag.sample(each.lag(), place(each).label()));
    var behind =
        out.gauge("sallyport_audit_export_lag_seconds", "How long the oldest of them has waited.");
    now.exports().forEach(each -> behind.sample(seconds(each.behind()), place(each).label()));
    var lost =
        out.gauge(
            "sallyport_audit_export_lost_records",
            "Records that went for want of room before they were copied.");
    now.exports().forEach(each -> lost.sample(each.lost(), place(each).label()));
    var failing = out.gauge("sallyport_audit_export_failing", "Whether the last try failed.");
    now.exports()
        .forEach(each -> failing.sample(each.error().isPresent() ? 1 : 0, place(each).label()));
  }

  private static Place place(AuditState.Export export) {
    return Place.valueOf(export.name().toUpperCase(Locale.ROOT));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / MILLIS;
  }
}
