package dev.sallyport.control.host;

import dev.sallyport.control.Backoff;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.JoinDoor;
import dev.sallyport.control.JoinResult;
import dev.sallyport.control.WebJoinRequest;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.Verification;
import dev.sallyport.pki.VerifiedHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a key, shows where hosts join that it may, and comes back with a certificate; tries until
/// it works or the process stops. The key never leaves this process but for the state folder.
public final class Joiner {
  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration OUTAGE_LONGEST = Duration.ofSeconds(1);
  private static final Duration REFUSED_LONGEST = Duration.ofSeconds(15);
  private static final Logger LOG = LoggerFactory.getLogger(Joiner.class);

  private final Candidate candidate;
  private final Function<KeyPair, JoinDoor> door;
  private final JoinProof proof;
  private final Set<CaPin> pins;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final KeyPair keys = KeyPairs.generate();
  private final RepeatedReason outages;

  /// Who wants to join.
  ///
  /// @param role that the host is to have
  /// @param nodeName for people to know it by
  public record Candidate(SystemRole role, String nodeName) {}

  /// @param door opens one for the key that is to be certified; it checks who answers
  /// @param proof that the host may
  /// @param pins if there are any, the cluster that is joined must have one of them
  /// @param random spreads the tries of hosts that were refused together
  public Joiner(
      Candidate candidate,
      Function<KeyPair, JoinDoor> door,
      JoinProof proof,
      Set<CaPin> pins,
      InstantSource clock,
      RandomGenerator random) {
    this.candidate = candidate;
    this.door = door;
    this.proof = proof;
    this.pins = Set.copyOf(pins);
    this.clock = clock;
    this.random = random;
    this.outages = new RepeatedReason(clock);
  }

  /// Joins.
  ///
  /// @param hostId of an earlier membership
  /// @param stop counts down to zero when the agent stops
  /// @return empty when it stopped first
  public Optional<HostMembership> join(Optional<String> hostId, CountDownLatch stop)
      throws InterruptedException {
    var outage = new Backoff(FIRST, OUTAGE_LONGEST, random);
    var refused = new Backoff(FIRST, REFUSED_LONGEST, random);
    while (stop.getCount() > 0) {
      Duration pause;
      try {
        return Optional.of(attempt(hostId));
      } catch (ControlException e) {
        pause = told(e) ? refused.pause() : outage.pause();
      } catch (IOException | UncheckedIOException e) {
        LOG.atError().addKeyValue("cause", e.getMessage()).log("This host cannot join");
        pause = refused.pause();
      }
      if (stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /// @return whether somebody refused, which trying soon again will not change
  private boolean told(ControlException e) {
    return switch (e.kind()) {
      case ACCESS_DENIED,
          MFA_REQUIRED,
          NOT_FOUND,
          BAD_PARAMETER,
          ALREADY_EXISTS,
          COMPARE_FAILED -> {
        LOG.atError().addKeyValue("reason", e.reason()).log(proof.hint(candidate.role()));
        yield true;
      }
      case LIMIT_EXCEEDED -> {
        LOG.atWarn().addKeyValue("reason", e.reason()).log("The cluster asks this host to wait");
        yield true;
      }
      case UNAVAILABLE, INTERNAL -> {
        if (outages.isDue(e.reason())) {
          LOG.atWarn().addKeyValue("reason", e.reason()).log("This host waits to join the cluster");
        }
        yield false;
      }
    };
  }

  private HostMembership attempt(Optional<String> hostId) throws IOException {
    try (var client = door.apply(keys)) {
      var shown = proof.show(client, keys.getPublic());
      return member(
          client.join(
              new WebJoinRequest(
                  shown.token(),
                  candidate.role().wireName(),
                  Pem.encode(keys.getPublic()),
                  hostId,
                  candidate.nodeName(),
                  shown.iam(),
                  shown.ec2())));
    }
  }

  /// Believes nothing of the answer that it can check.
  private HostMembership member(JoinResult result) throws IOException {
    var trust = result.trust().toBundle();
    requirePin(trust);
    var leaf = Pem.certificate(result.certificate());
    TlsIdentity identity;
    try {
      identity =
          HostFolder.asShown(
              candidate.role(), new TlsIdentity(keys.getPrivate(), List.of(leaf)), trust);
    } catch (IllegalArgumentException e) {
      throw new IOException("the certificate that the cluster gave is not for this host's key", e);
    }
    return switch (new IdentityVerifier(() -> trust, clock)
        .host(List.of(leaf), Set.of(candidate.role()))) {
      case Verification.Verified<VerifiedHost> host ->
          new HostMembership(host.identity().identity().hostId(), identity, trust);
      case Verification.Refused<VerifiedHost> refused ->
          throw new IOException(
              "the certificate that the cluster gave does not count: " + refused.reason());
    };
  }

  private void requirePin(TrustBundle trust) throws IOException {
    boolean pinned =
        pins.isEmpty()
            || trust.hostAuthorities().stream()
                .anyMatch(authority -> pins.stream().anyMatch(pin -> pin.matches(authority)));
    if (!pinned) {
      throw new IOException(
          "no ca_pin of the configuration is that of cluster \""
              + trust.clusterName()
              + "\", whose pins are "
              + trust.pins());
    }
  }
}
