package dev.sallyport.agent.session;

import dev.sallyport.agent.aws.CredentialCache;
import dev.sallyport.agent.http.BodyBudget;
import dev.sallyport.agent.http.ReaderLimits;
import dev.sallyport.agent.signing.PermittedSigner;
import dev.sallyport.agent.signing.ServedDatabases;
import dev.sallyport.agent.upstream.UpstreamClient;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/// What every connection shares, in the order in which a request meets it.
///
/// @param blocking for what must not run on an event loop
public record DataPath(
    InstantSource clock,
    BodyBudget budget,
    ReaderLimits limits,
    ClusterFacts facts,
    DatabaseSessions sessions,
    Records records,
    RequestMeter meter,
    Seats seats,
    CredentialCache credentials,
    ServedDatabases databases,
    PermittedSigner signer,
    UpstreamClient upstream,
    Executor blocking) {}
