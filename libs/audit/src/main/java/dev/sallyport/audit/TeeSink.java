package dev.sallyport.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sends each event to several sinks. Every sink gets it, also when one before it failed; then the
/// first failure is told.
public final class TeeSink implements AuditSink {

  private final List<AuditSink> sinks;

  /// Sends to these, in this order.
  public TeeSink(List<AuditSink> sinks) {
    this.sinks = List.copyOf(sinks);
  }

  @Override
  public void append(AuditEvent event) throws AuditUnavailable {
    each(sink -> sink.append(event));
  }

  @Override
  public void ready() throws AuditUnavailable {
    each(AuditSink::ready);
  }

  private interface Step {
    void on(AuditSink sink) throws AuditUnavailable;
  }

  private void each(Step step) throws AuditUnavailable {
    @Nullable AuditUnavailable first = null;
    for (AuditSink sink : sinks) {
      try {
        step.on(sink);
      } catch (AuditUnavailable failure) {
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
