package dev.sallyport.agent;

import dev.sallyport.agent.aws.AwsClock;
import dev.sallyport.agent.aws.CredentialCache;
import dev.sallyport.agent.aws.DatabaseEndpoints;
import dev.sallyport.agent.aws.StsRoleAssumer;
import dev.sallyport.agent.signing.PermittedSigner;
import dev.sallyport.agent.signing.ServedDatabases;
import dev.sallyport.agent.upstream.UpstreamClient;
import dev.sallyport.agent.upstream.UpstreamLimits;
import dev.sallyport.model.Database;
import dev.sallyport.model.Origin;
import dev.sallyport.net.NetRuntime;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts of the agent that face AWS, wired.
record AwsSide(
    StsRoleAssumer assumer,
    CredentialCache credentials,
    ServedDatabases databases,
    PermittedSigner signer,
    UpstreamClient upstream,
    AwsClock time)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AwsSide.class);

  /// @throws IllegalArgumentException if a setting makes no sense
  static AwsSide of(
      DatabaseEndpoints endpoints,
      List<Database> databases,
      UpstreamLimits limits,
      NetRuntime runtime,
      InstantSource clock,
      Executor blocking) {
    var settings = endpoints.settings();
    var time = new AwsClock(clock);
    var served = new ServedDatabases(databases, endpoints::endpoint);
    var signer = new PermittedSigner(served, time);
    var upstream = new UpstreamClient(runtime, settings.trust(), limits, blocking, time);
    var assumer =
        new StsRoleAssumer(settings, () -> endpoints.ownSts(ofTheFile(served.all())), clock);
    return new AwsSide(
        assumer, new CredentialCache(clock, blocking, assumer), served, signer, upstream, time);
  }

  /// How the agent itself speaks to STS is for its host to say, not for who writes resources.
  static List<Database> ofTheFile(List<Database> all) {
    return all.stream()
        .filter(it -> !Origin.of(it.metadata()).equals(Optional.of(Origin.DYNAMIC)))
        .toList();
  }

  /// Looks for the agent's own credentials, so that a missing setup is told at the start. Loads the
  /// SDK on the way, before the first user waits for it. Blocks.
  void check() {
    assumer
        .whyWithoutCredentials()
        .ifPresent(why ->
            LOG.atError()
                .addKeyValue("reason", why)
                .log(
                    "The Database Service has no AWS credentials; every request will be"
                        + " refused"));
  }

  @Override
  public void close() {
    upstream.close();
    assumer.close();
  }
}
