package dev.sallyport.auth.api;

import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.access.Origin;
import dev.sallyport.auth.access.Peers;
import dev.sallyport.auth.locks.LockCheck;
import dev.sallyport.control.AuditBatch;
import dev.sallyport.control.AuditKeyAnswer;
import dev.sallyport.control.ClusterStatus;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.DatabaseHeartbeat;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.JoinChallengeRequest;
import dev.sallyport.control.JoinRequest;
import dev.sallyport.control.JournalBatch;
import dev.sallyport.control.JournalWire;
import dev.sallyport.control.ProxyHeartbeat;
import dev.sallyport.control.TokenQuestion;
import dev.sallyport.control.WebJoinRequest;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockSubject;
import dev.sallyport.pki.VerifiedHost;
import java.io.IOException;
import java.security.PublicKey;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// What the parts of the cluster need: to join, to announce databases, to report, to watch.
final class ServiceRoutes {
  private static final Pattern REVISION = Pattern.compile("[0-9]{1,18}");

  private final Supplier<ClusterStatus> status;
  private final Hosts hosts;
  private final AuthParts.Services services;

  /// Which hosts belong to the cluster and are not locked.
  record Hosts(Peers peers, LockCheck locks) {
    /// Whether a host that was let in before would be so now.
    boolean mayGoOn(VerifiedHost host) {
      return peers.stillBelongs(host)
          && locks.on(LockSubject.of(LockPart.SERVER_ID, host.identity().hostId())).isEmpty();
    }
  }

  ServiceRoutes(Supplier<ClusterStatus> status, Hosts hosts, AuthParts.Services services) {
    this.status = status;
    this.hosts = hosts;
    this.services = services;
  }

  Optional<Object> status(Call call) {
    return Optional.of(status.get());
  }

  Optional<Object> join(Call call) {
    return Optional.of(services.joins().join(call.body(JoinRequest.class)));
  }

  Optional<Object> tokenLabels(Call call) {
    return Optional.of(services.joins().labels(call.body(TokenQuestion.class)));
  }

  Optional<Object> joinHere(Call call) {
    return Optional.of(
        services.joins().join(call.body(WebJoinRequest.class), joining(call), address()));
  }

  Optional<Object> joinChallenge(Call call) {
    return Optional.of(services.joins().challenge(call.body(JoinChallengeRequest.class)));
  }

  Optional<Object> joinChallengeHere(Call call) {
    return Optional.of(
        services
            .joins()
            .challenge(call.body(JoinChallengeRequest.class), joining(call), address()));
  }

  private static PublicKey joining(Call call) {
    if (call.caller() instanceof Caller.Joining(PublicKey key)) {
      return key;
    }
    throw new IllegalStateException("the table let a caller in who does not join");
  }

  private static String address() {
    return Origin.address().orElse("");
  }

  Optional<Object> announceProxy(Call call) {
    services.proxies().announce(host(call).identity().hostId(), call.body(ProxyHeartbeat.class));
    return Optional.empty();
  }

  Optional<Object> announce(Call call) {
    var record = hosts.peers().record(host(call));
    return Optional.of(
        services.announcements().announce(record, call.body(DatabaseHeartbeat.class)));
  }

  Optional<Object> withdraw(Call call) {
    services.announcements().withdraw(hosts.peers().record(host(call)));
    return Optional.empty();
  }

  Optional<Object> auditEvents(Call call) {
    return Optional.of(
        services.intake().accept(host(call).identity(), call.body(AuditBatch.class)));
  }

  Optional<Object> auditJournal(Call call) {
    // Agents of before send it as JSON throughout.
    var batch =
        JournalWire.CONTENT_TYPE.equals(call.context().contentType())
            ? JournalWire.read(call.bytes())
            : call.body(JournalBatch.class);
    return Optional.of(services.intake().accept(host(call), batch));
  }

  Optional<Object> auditKey(Call call) {
    return Optional.of(new AuditKeyAnswer(services.intake().hashKey()));
  }

  Optional<Object> watch(Call call) throws IOException {
    var host = host(call);
    var kinds = services.watch().kinds(host.identity().role(), call.query("kinds").orElse(""));
    var since = call.query("since").orElse("0");
    if (!REVISION.matcher(since).matches()) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "since is not a revision");
    }
    call.context().contentType("application/x-ndjson");
    services.watch().stream(
        hosts.peers().record(host),
        kinds,
        Long.parseLong(since),
        call.context().res().getOutputStream(),
        () -> hosts.mayGoOn(host));
    return Optional.empty();
  }

  private static VerifiedHost host(Call call) {
    if (call.caller() instanceof Caller.Part(VerifiedHost host)) {
      return host;
    }
    throw new IllegalStateException("the table let a caller in who is no part of the cluster");
  }
}
