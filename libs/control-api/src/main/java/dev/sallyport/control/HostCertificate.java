package dev.sallyport.control;

import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.RotationPhase;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.Verification;
import dev.sallyport.pki.VerifiedHost;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A host's own certificate in one system role, which is replaced at about two thirds of its life
/// and when the cluster changes its host authority's key. What it is used for asks for it at each
/// handshake; connections that are open go on.
///
/// The new key is made here, and the certificate is asked for with the old one. While a change of
/// the authority's key is in the phase `update_clients` there are two: the new one where the host
/// dials, the old one where it listens, since not everybody who dials knows the new authority yet.
///
/// Works on a virtual thread of its own once started. Whoever starts it closes it.
public final class HostCertificate implements AutoCloseable {
  /// The longest pause between two tries.
  public static final Duration RETRY_LONGEST = Duration.ofMinutes(1);

  private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(HostCertificate.class);

  private final HostIdentity host;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Semaphore wanted = new Semaphore(0);
  private final Object swap = new Object();
  private volatile Shown shown;
  private volatile Optional<RotationPhase> reached = Optional.empty();
  private volatile boolean closed;
  private @Nullable Thread thread;
  private double spread;
  private int failures;

  /// What a host shows.
  ///
  /// @param client where it dials
  /// @param server where it listens
  public record Shown(TlsIdentity client, TlsIdentity server) {
    /// The same one everywhere.
    public static Shown both(TlsIdentity identity) {
      return new Shown(identity, identity);
    }
  }

  /// Keeps what a host shows, before it is shown.
  @FunctionalInterface
  public interface Keeping {
    /// For a host that gets another one at each start.
    Keeping NOWHERE = _ -> {};

    /// @throws IOException if it can't be kept; it is used all the same
    void keep(Shown shown) throws IOException;
  }

  /// @param host whom the certificates name
  /// @param shown with what it begins
  /// @param random spreads renewals of many hosts
  public HostCertificate(
      HostIdentity host, Shown shown, InstantSource clock, RandomGenerator random) {
    this.host = host;
    this.shown = shown;
    this.clock = clock;
    this.random = random;
    this.spread = random.nextDouble();
  }

  /// What to show where the host dials.
  public TlsIdentity client() {
    return shown.client();
  }

  /// What to show where the host listens.
  public TlsIdentity server() {
    return shown.server();
  }

  /// Both, as they belong together.
  public Shown shown() {
    return shown;
  }

  /// The phase of the authority's change of keys that this host has followed; empty before it
  /// knows.
  public Optional<RotationPhase> reached() {
    return reached;
  }

  /// Calls this after each replacement and each phase that was followed, on this object's thread.
  public void whenChanged(Runnable listener) {
    listeners.add(listener);
  }

  /// Begins to look after it. Once.
  ///
  /// @param control calls with [#client]
  /// @param view of which the authorities are watched
  public HostCertificate start(ControlClient control, ClusterView view, Keeping keeping) {
    view.whenAuthoritiesChange(wanted::release);
    thread =
        Thread.ofVirtual()
            .name("sallyport-certificate")
            .start(() -> follow(control, view, keeping));
    return this;
  }

  private void follow(ControlClient control, ClusterView view, Keeping keeping) {
    try {
      while (!closed) {
        var pause = LOOK_EVERY;
        try {
          look(control, view, keeping);
          failures = 0;
        } catch (ControlException | IOException e) {
          failed(e);
          pause = retryPause();
        }
        var _ = wanted.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        wanted.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Does what is due now.
  void look(ControlClient control, ClusterView view, Keeping keeping) throws IOException {
    var authority = view.authority(CaKind.HOST);
    var plan = plan(authority);
    if (plan.renew()) {
      var renewed = renewed(control);
      // In a rotation the listening side has its own turn.
      replace(
          RenewalPlan.listensAlong(authority) ? Shown.both(renewed) : withClient(renewed), keeping);
      plan = plan(authority);
    }
    if (plan.serverFollows()) {
      replace(Shown.both(shown.client()), keeping);
    }
    var phase = authority.map(known -> known.rotation().phase());
    if (!phase.equals(reached)) {
      reached = phase;
      listeners.forEach(Runnable::run);
    }
  }

  private RenewalPlan plan(Optional<CertAuthority> authority) throws IOException {
    return RenewalPlan.of(shown, authority, clock.instant(), spread);
  }

  private Shown withClient(TlsIdentity client) {
    return new Shown(client, shown.server());
  }

  private void replace(Shown next, Keeping keeping) {
    try {
      keeping.keep(next);
    } catch (IOException e) {
      // The one on disk counts until the next renewal, and that will try again.
      LOG.atError().setCause(e).log("the renewed host certificate could not be kept on disk");
    }
    synchronized (swap) {
      shown = next;
      spread = random.nextDouble();
    }
    LOG.atInfo()
        .addKeyValue("role", host.role().wireName())
        .addKeyValue("until", next.client().leaf().getNotAfter().toInstant())
        .log("the host certificate was replaced");
    listeners.forEach(Runnable::run);
  }

  /// Asks for a certificate and believes nothing of the answer that can be checked.
  private TlsIdentity renewed(ControlClient control) throws IOException {
    var keys = KeyPairs.generate();
    var answer = control.renewHost(new RenewHostRequest(Pem.encode(keys.getPublic())));
    TrustBundle trust = answer.trust().toBundle();
    var leaf = Pem.certificate(answer.certificate());
    var authority = Pem.certificate(answer.authority());
    switch (new IdentityVerifier(() -> trust, clock)
        .host(List.of(leaf, authority), Set.of(host.role()))) {
      case Verification.Refused<VerifiedHost>(String reason) ->
          throw new IOException("the certificate that Auth gave does not count: " + reason);
      case Verification.Verified<VerifiedHost>(VerifiedHost named) -> {
        if (!named.identity().equals(host)) {
          throw new IOException(
              "the certificate that Auth gave names " + named + ", not this host");
        }
      }
    }
    try {
      var alone = shown.client().chain().size() == 1;
      return new TlsIdentity(
          keys.getPrivate(),
          alone ? List.<X509Certificate>of(leaf) : List.<X509Certificate>of(leaf, authority));
    } catch (IllegalArgumentException e) {
      throw new IOException("the certificate that Auth gave is not for this host's key", e);
    }
  }

  private void failed(Exception e) {
    failures++;
    Instant end = shown.client().leaf().getNotAfter().toInstant();
    var event = clock.instant().isAfter(end) ? LOG.atError() : LOG.atWarn();
    event
        .addKeyValue("role", host.role().wireName())
        .addKeyValue("until", end)
        .addKeyValue("reason", e.getMessage())
        .log("the host certificate could not be renewed; trying again");
  }

  private Duration retryPause() {
    var longest =
        Math.min(RETRY_FIRST.toMillis() << Math.min(failures - 1, 10), RETRY_LONGEST.toMillis());
    return Duration.ofMillis(random.nextLong(longest / 2, longest + 1));
  }

  /// Stops looking after it; what is shown stays as it is.
  @Override
  public void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
