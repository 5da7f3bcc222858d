package dev.sallyport.tsh.tunnel;

import dev.sallyport.dynamodb.DynamoDbError;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsAlerts;
import dev.sallyport.net.tunnel.DialResult;
import dev.sallyport.net.tunnel.StatusCode;
import dev.sallyport.net.tunnel.TunnelDialer;
import dev.sallyport.net.tunnel.TunnelException;
import dev.sallyport.pki.PeerRefused;
import dev.sallyport.tsh.localproxy.DialOutcome;
import dev.sallyport.tsh.localproxy.UpstreamDialer;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/// Opens the local proxy's connections through the tunnel, with the certificate of the moment.
public final class TunnelConnections implements UpstreamDialer {
  private final NetRuntime runtime;
  private final DatabaseCertificates certificates;

  /// Connections on a runtime, with these certificates.
  public TunnelConnections(NetRuntime runtime, DatabaseCertificates certificates) {
    this.runtime = runtime;
    this.certificates = certificates;
  }

  /// Looks every second whether the certificate is to be renewed. Cancel it to end that.
  public Future<?> keepFresh() {
    return runtime
        .loops()
        .next()
        .scheduleWithFixedDelay(certificates::renewWhenDue, 1, 1, TimeUnit.SECONDS);
  }

  @Override
  public Future<DialOutcome> dial(EventLoop loop) {
    Promise<DialOutcome> outcome = loop.newPromise();
    var usable = certificates.usable();
    if (usable.isPresent()) {
      dial(loop, usable.get(), outcome);
      return outcome;
    }
    certificates
        .refresh()
        .thenAccept(attempt -> {
          switch (attempt) {
            case DatabaseCertificates.Attempt.Obtained obtained ->
                dial(loop, obtained.credential(), outcome);
            case DatabaseCertificates.Attempt.Failed failed -> outcome.setSuccess(rejected(failed));
          }
        });
    return outcome;
  }

  private void dial(EventLoop loop, RouteCredential credential, Promise<DialOutcome> outcome) {
    open(loop, credential)
        .addListener((Future<DialResult> done) -> {
          if (!done.isSuccess()) {
            outcome.setSuccess(failed(done.cause()));
          } else if (someoneElse(done.getNow())) {
            tryAnotherWay(loop, credential, done.getNow(), outcome);
          } else if (refusedUs(done.getNow())) {
            tryRenewed(loop, credential, outcome);
          } else {
            outcome.setSuccess(outcome(done.getNow(), credential));
          }
        });
  }

  /// A load balancer may end TLS before the Proxy.
  private static boolean someoneElse(DialResult result) {
    return result instanceof DialResult.Failed failed
        && (failed.cause() instanceof SSLException || failed.cause() instanceof TunnelException)
        && !TlsAlerts.peerRefusedCertificate(failed.cause());
  }

  private void tryAnotherWay(
      EventLoop loop, RouteCredential credential, DialResult before, Promise<DialOutcome> outcome) {
    Thread.ofVirtual()
        .name("sallyport-route")
        .start(() -> {
          if (certificates.route().lookAgain()) {
            open(loop, credential)
                .addListener((Future<DialResult> done) ->
                    outcome.setSuccess(
                        done.isSuccess()
                            ? outcome(done.getNow(), credential)
                            : failed(done.cause())));
          } else {
            outcome.setSuccess(outcome(before, credential));
          }
        });
  }

  private Future<DialResult> open(EventLoop loop, RouteCredential credential) {
    var proxy = certificates.route().now();
    return new TunnelDialer(
            runtime,
            new TunnelDialer.Address(proxy.host(), proxy.port()),
            credential::outer,
            credential::inner)
        .dial(loop, TunnelDialer.DIAL_TIMEOUT);
  }

  /// The other end does not take our certificate, perhaps since authorities were rotated: a new one
  /// may do, and if it does not, only the user can mend it.
  private void tryRenewed(EventLoop loop, RouteCredential refused, Promise<DialOutcome> outcome) {
    certificates
        .replace(refused)
        .thenAccept(attempt -> {
          switch (attempt) {
            case DatabaseCertificates.Attempt.Obtained obtained
                when !obtained.credential().equals(refused) ->
                open(loop, obtained.credential())
                    .addListener((Future<DialResult> done) ->
                        outcome.setSuccess(
                            !done.isSuccess()
                                ? failed(done.cause())
                                : refusedUs(done.getNow())
                                    ? notAccepted()
                                    : outcome(done.getNow(), obtained.credential())));
            case DatabaseCertificates.Attempt.Obtained _ -> outcome.setSuccess(notAccepted());
            case DatabaseCertificates.Attempt.Failed failed ->
                outcome.setSuccess(
                    failed.fault() == DatabaseCertificates.Fault.SILENCE
                        ? notAccepted()
                        : rejected(failed));
          }
        });
  }

  private static DialOutcome rejected(DatabaseCertificates.Attempt.Failed failed) {
    return new DialOutcome.Rejected(
        failed.answer(), failed.lasting() ? DialOutcome.Pace.AT_ONCE : DialOutcome.Pace.BACK_OFF);
  }

  private static boolean refusedUs(DialResult result) {
    return result instanceof DialResult.Failed failed
        && TlsAlerts.peerRefusedCertificate(failed.cause());
  }

  private DialOutcome notAccepted() {
    var answer =
        certificates
            .endedMeanwhile()
            .orElseGet(() ->
                DynamoDbError.accessDenied(
                    "the Proxy at "
                        + certificates.source().proxy().authority()
                        + " does not accept this tunnel's certificate; "
                        + certificates.source().remedy()
                        + " (if that does not help, check this machine's clock)"));
    return new DialOutcome.Rejected(answer, DialOutcome.Pace.BACK_OFF);
  }

  @Override
  public DynamoDbError refusedByAgent() {
    return certificates.endedMeanwhile().orElseGet(UpstreamDialer.super::refusedByAgent);
  }

  private DialOutcome outcome(DialResult result, RouteCredential credential) {
    return switch (result) {
      case DialResult.Connected connected ->
          new DialOutcome.Connected(connected.channel(), credential);
      case DialResult.Refused refused -> refused(refused.code(), refused.message());
      case DialResult.Failed failed -> failed(failed.cause());
    };
  }

  private static DialOutcome refused(StatusCode code, String message) {
    return switch (code) {
      case DENIED ->
          new DialOutcome.Rejected(DynamoDbError.accessDenied(message), DialOutcome.Pace.AT_ONCE);
      case BUSY ->
          new DialOutcome.Rejected(DynamoDbError.throttling(message), DialOutcome.Pace.BACK_OFF);
      // The database was there when the certificate was issued: an agent that is restarted signs
      // off and on again, which is an outage and no refusal.
      case UNKNOWN_DATABASE, NO_AGENT, OK ->
          new DialOutcome.Rejected(DynamoDbError.unavailable(message), DialOutcome.Pace.BACK_OFF);
    };
  }

  private DialOutcome failed(Throwable cause) {
    if (cause instanceof SSLException) {
      // An agent that joined after the certificate was issued is not on its list yet.
      certificates.doubt();
    }
    return new DialOutcome.Rejected(
        DynamoDbError.unavailable(
            "the database cannot be reached through the Proxy at "
                + certificates.source().proxy().authority()
                + ": "
                + reason(cause)),
        DialOutcome.Pace.BACK_OFF);
  }

  private static String reason(Throwable cause) {
    var message = PeerRefused.in(cause).map(Throwable::getMessage).orElse(cause.getMessage());
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
