package dev.sallyport.launcher;

import dev.sallyport.agent.AgentLimits;
import dev.sallyport.agent.http.ReaderLimits;
import dev.sallyport.agent.session.ConnectionLimits;
import dev.sallyport.agent.upstream.UpstreamLimits;
import dev.sallyport.resources.config.DbLimits;

/// From `db_service.limits:` to what the agent takes.
final class LimitsConfig {
  private LimitsConfig() {}

  static AgentLimits agent(DbLimits limits) {
    var process = AgentLimits.ofThisProcess(limits.sizes().body());
    long bodies = limits.sizes().memory().orElse(process.bodyBytes());
    return new AgentLimits(
        process.tunnelMin(),
        process.tunnelMax(),
        bodies,
        limits.sizes().memoryOfUser().orElse(bodies / 2),
        limits.times().queue(),
        connections(limits.counts()),
        reader(limits),
        upstream(limits.times()),
        process.drain(),
        process.threads());
  }

  private static ConnectionLimits connections(DbLimits.Counts counts) {
    return new ConnectionLimits(
        counts.connections(), counts.ofUser(), counts.ofDatabase(), counts.requests());
  }

  private static ReaderLimits reader(DbLimits limits) {
    return new ReaderLimits(
        limits.sizes().header(),
        limits.sizes().body(),
        limits.times().read(),
        ReaderLimits.DEFAULT.paceBytes(),
        limits.times().idle(),
        limits.times().write());
  }

  private static UpstreamLimits upstream(DbLimits.Times times) {
    var usual = UpstreamLimits.DEFAULT;
    return new UpstreamLimits(usual.handshake(), times.answer(), usual.idle(), usual.kept());
  }
}
