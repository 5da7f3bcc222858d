package dev.sallyport.tsh.tunnel;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.DatabaseCert;
import dev.sallyport.control.DatabaseCertRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.MfaProof;
import dev.sallyport.control.Way;
import dev.sallyport.dynamodb.DynamoDbError;
import dev.sallyport.model.SignIn;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.ClaimedIdentity;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.InvalidIdentity;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.tsh.LoginSource;
import dev.sallyport.tsh.cluster.Clusters;
import dev.sallyport.tsh.cluster.UserCluster;
import dev.sallyport.tsh.cluster.UserFactors;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The certificate of one tunnel: obtained once, renewed ahead of its end for as long as the login
/// lives, and obtained again when the user has signed in anew.
///
/// Renewal keeps the session: the old certificate is shown while it is still valid. Safe from any
/// thread; network work is done on virtual threads, one at a time.
public final class DatabaseCertificates {
  private static final Duration RENEW_AHEAD_MAX = Duration.ofMinutes(5);
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
  private static final Duration RETRY_LEARNING = Duration.ofSeconds(30);
  private static final Duration LEARN_EVERY = Duration.ofMinutes(4);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(3);
  private static final String AUTHORITY_KEY = "2.5.29.35";
  private static final Duration DIAL_MARGIN = Duration.ofSeconds(2);

  private final Clusters clusters;
  private final LoginSource source;
  private final RouteWish wish;
  private final Confirmation confirmation;
  private final InstantSource clock;
  private volatile Consumer<RouteCredential> renewed = credential -> {};
  private volatile @Nullable RouteCredential current;
  private @Nullable CompletableFuture<Attempt> running;
  private volatile @Nullable TrustBundle trust;
  private volatile @Nullable X509Certificate triedBy;
  private Instant learned = Instant.EPOCH;
  private Instant looked = Instant.EPOCH;
  private Instant lastAttempt = Instant.EPOCH;
  private Duration renewAhead = RENEW_AHEAD_MAX;
  private volatile boolean doubted;
  private @Nullable Attempt last;

  /// What came of asking for a certificate.
  sealed interface Attempt {
    /// It may be used.
    record Obtained(RouteCredential credential) implements Attempt {}

    /// There is none, and what to tell clients.
    record Failed(DynamoDbError answer, Fault fault) implements Attempt {
      /// Whether only the user can mend it.
      boolean lasting() {
        return fault == Fault.REFUSAL;
      }
    }
  }

  /// What stood in the way of a certificate.
  enum Fault {
    /// Only the user can mend it.
    REFUSAL,
    /// The cluster answered, and can't for the moment.
    OUTAGE,
    /// No answer: it is out of reach, or did not take the login.
    SILENCE
  }

  /// Has the user prove a second factor, which may take as long as they like.
  public interface Confirmation {
    /// @throws CommandFailure when they can't, and a new sign-in would help
    /// @throws ControlException when they can't and nothing here would help
    MfaProof ask(UserFactors factors);
  }

  /// Certificates for one wish, as the user of a login.
  ///
  /// @param confirmation asked when the session needs a second factor
  public DatabaseCertificates(
      Clusters clusters,
      LoginSource source,
      RouteWish wish,
      Confirmation confirmation,
      InstantSource clock) {
    this.confirmation = confirmation;
    this.clusters = clusters;
    this.source = source;
    this.wish = wish;
    this.clock = clock;
  }

  /// What they are for.
  public RouteWish wish() {
    return wish;
  }

  /// Who hears of each new certificate.
  public void renewing(Consumer<RouteCredential> listener) {
    renewed = listener;
  }

  /// When the one that is held now ends.
  public Optional<Instant> validUntil() {
    return Optional.ofNullable(current).map(RouteCredential::validUntil);
  }

  /// Obtains the first one. Blocks; throws what the command shows.
  public RouteCredential obtain(UserCluster control, IdentityFile login) {
    var credential = request(control, login);
    adopt(credential);
    return credential;
  }

  /// Goes on with the first one that another process of the same user obtained.
  public RouteCredential resume(IdentityFile file, List<String> agents) {
    adopt(file.trust());
    var credential = new RouteCredential(file.identity(), this::trust, agents, clock);
    adopt(credential);
    return credential;
  }

  /// The way to the Proxy.
  Way route() {
    return clusters.route(source.proxy());
  }

  LoginSource source() {
    return source;
  }

  /// What to tell clients when the certificate was good for a connection that began, and has ended
  /// since.
  Optional<DynamoDbError> endedMeanwhile() {
    return validUntil()
        .filter(end -> !clock.instant().isBefore(end))
        .map(end -> expired("the certificate of this tunnel has expired at " + end).answer());
  }

  /// The certificate, when it is good for another connection.
  Optional<RouteCredential> usable() {
    var held = current;
    return held != null && clock.instant().plus(DIAL_MARGIN).isBefore(held.validUntil())
        ? Optional.of(held)
        : Optional.empty();
  }

  /// Asks again when the end is near and asking can help. So that a change of the authorities' keys
  /// does not end the tunnel, it asks every four minutes whom to trust. Soon after the user has
  /// signed in again it asks for another certificate: that of the former sign-in may be worth
  /// nothing any more. Returns at once.
  void renewWhenDue() {
    learnWhenDue();
    lookWhenDue();
    var held = current;
    if (held != null && clock.instant().isBefore(held.validUntil().minus(renewAhead()))) {
      return;
    }
    if (mayTry()) {
      refresh();
    }
  }

  private synchronized void learnWhenDue() {
    if (running != null || current == null || !isOver(learned, LEARN_EVERY)) {
      return;
    }
    learned = clock.instant();
    Thread.ofVirtual().name("sallyport-tsh-trust").start(this::learn);
  }

  /// What fails here is told when it matters: at the next connection or renewal.
  private void learn() {
    try (var control = clusters.open(source.proxy(), source.current().get())) {
      adopt(control.trust());
    } catch (ControlException | CommandFailure e) {
      synchronized (this) {
        learned = clock.instant().minus(LEARN_EVERY).plus(RETRY_LEARNING);
      }
    }
  }

  private synchronized void lookWhenDue() {
    if (running != null || current == null || !isOver(looked, LOOK_EVERY)) {
      return;
    }
    looked = clock.instant();
    Thread.ofVirtual().name("sallyport-tsh-login").start(this::look);
  }

  private void look() {
    try {
      if (isOfAnotherSignIn(source.current().get().identity().leaf())) {
        doubt();
      }
    } catch (CommandFailure | InvalidIdentity e) {
      // Without a login the tunnel goes on until its certificate ends.
    }
  }

  /// The certificate that is held ends with a user who was deleted, with a sign-out, and with a
  /// change of the key that signed it.
  private boolean isOfAnotherSignIn(X509Certificate login) throws InvalidIdentity {
    var held = current;
    return held != null
        && !login.equals(triedBy)
        && (!signIn(login).equals(signIn(held.certificate()))
            || !Arrays.equals(
                login.getExtensionValue(AUTHORITY_KEY),
                held.certificate().getExtensionValue(AUTHORITY_KEY)));
  }

  private static Optional<SignIn> signIn(X509Certificate certificate) throws InvalidIdentity {
    return ClaimedIdentity.of(certificate).identity() instanceof UserIdentity user
        ? user.signIn()
        : Optional.empty();
  }

  private void adopt(TrustBundle now) {
    var known = trust;
    if (known == null || known.clusterName().equals(now.clusterName())) {
      trust = now;
      source.learn(now);
    }
  }

  private TrustBundle trust() {
    return Objects.requireNonNull(trust, "no certificate was obtained yet");
  }

  /// Asks again because the other end did not accept what we have, or was not whom we expected:
  /// with the certificate comes the list of hosts that serve the database, which may be longer now.
  void doubt() {
    doubted = true;
    if (mayTry()) {
      refresh();
    }
  }

  /// A certificate other than this one, which was not accepted: the one that is held now, or a new
  /// one. Asks once a second at most, and tells meanwhile what came of asking: the refused one,
  /// when no better was given.
  CompletableFuture<Attempt> replace(RouteCredential refused) {
    var held = current;
    if (held != null && !held.equals(refused)) {
      return CompletableFuture.completedFuture(new Attempt.Obtained(held));
    }
    synchronized (this) {
      if (running == null && !mayTry()) {
        return CompletableFuture.completedFuture(
            last instanceof Attempt.Failed failed ? failed : new Attempt.Obtained(refused));
      }
      doubted = true;
      return refresh();
    }
  }

  /// Asks for a new certificate; calls while one is being asked for share its answer.
  synchronized CompletableFuture<Attempt> refresh() {
    if (running != null) {
      return running;
    }
    lastAttempt = clock.instant();
    var attempt = new CompletableFuture<Attempt>();
    running = attempt;
    Thread.ofVirtual()
        .name("sallyport-tsh-certificate")
        .start(() -> {
          var outcome = attempt();
          synchronized (this) {
            running = null;
            last = outcome;
          }
          attempt.complete(outcome);
        });
    return attempt;
  }

  private synchronized boolean mayTry() {
    return running == null && isOver(lastAttempt, RETRY_PAUSE);
  }

  /// Whether so long a pause has passed. It has where the clock was set back since it began: nobody
  /// knows how much of it is left.
  private boolean isOver(Instant begun, Duration pause) {
    var now = clock.instant();
    return now.isBefore(begun) || !now.isBefore(begun.plus(pause));
  }

  private synchronized Duration renewAhead() {
    return renewAhead;
  }

  private Attempt attempt() {
    try {
      var login = source.current().get();
      var loginEnd = login.identity().leaf().getNotAfter().toInstant();
      var held = current;
      if (!clock.instant().isBefore(loginEnd)) {
        return expired("your login has expired at " + loginEnd);
      }
      if (held != null
          && !doubted
          && usable().isPresent()
          && !held.validUntil().isBefore(loginEnd)) {
        // It lasts as long as the login: asking would bring the same end.
        return new Attempt.Obtained(held);
      }
      try (var control = clusters.open(source.proxy(), login)) {
        var credential = request(control, login);
        adopt(credential);
        renewed.accept(credential);
        return new Attempt.Obtained(credential);
      }
    } catch (ControlException e) {
      return refused(e);
    } catch (CommandFailure e) {
      return expired(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return new Attempt.Failed(
          DynamoDbError.unavailable("the database certificate could not be renewed: " + e),
          Fault.SILENCE);
    }
  }

  private Attempt.Failed expired(String what) {
    return new Attempt.Failed(
        DynamoDbError.expiredToken(
            what + ", " + source.remedy() + " (this tunnel goes on by" + " itself afterwards)"),
        Fault.REFUSAL);
  }

  /// The database was there when the tunnel opened, so that it is not found now means that its
  /// agent is being restarted: an outage.
  private Attempt refused(ControlException e) {
    var fault =
        switch (e.kind()) {
          case UNAVAILABLE -> Fault.SILENCE;
          case NOT_FOUND, INTERNAL, LIMIT_EXCEEDED -> Fault.OUTAGE;
          case ALREADY_EXISTS, BAD_PARAMETER, ACCESS_DENIED, MFA_REQUIRED, COMPARE_FAILED ->
              Fault.REFUSAL;
        };
    if (fault != Fault.REFUSAL) {
      // What a refused sign-in asks for is asked once; what found nobody, again.
      triedBy = null;
    }
    return new Attempt.Failed(
        fault == Fault.REFUSAL
            ? DynamoDbError.accessDenied(e.reason())
            : DynamoDbError.unavailable(
                "the database certificate could not be renewed: " + e.reason()),
        fault);
  }

  private RouteCredential request(UserCluster control, IdentityFile login) {
    triedBy = login.identity().leaf();
    var held = usable();
    var confirmed = held.filter(RouteCredential::confirmed);
    // A second factor goes on with its own key alone, so that key is kept while it still counts.
    var kept = confirmed.filter(_ -> doubted);
    var pair =
        kept.map(old -> new KeyPair(old.identity().leaf().getPublicKey(), old.identity().key()))
            .orElseGet(KeyPairs::generate);
    var old = held.map(found -> Pem.encode(found.identity().leaf()));
    var answer =
        confirmed.isPresent() && kept.isEmpty()
            ? confirm(control, pair, old)
            : plain(control, pair, old);
    try {
      var now = answer.trust().toBundle();
      if (!now.clusterName().equals(login.trust().clusterName())) {
        throw new CommandFailure(
            "the certificate is for cluster \"" + now.clusterName() + "\", not the login's");
      }
      adopt(now);
      return new RouteCredential(
          identity(pair, answer.certificate()), this::trust, answer.agents(), clock);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure("the cluster's answer cannot be used: " + e.getMessage(), e);
    }
  }

  private DatabaseCert plain(UserCluster control, KeyPair pair, Optional<String> old) {
    try {
      return control.databaseCertificate(wanted(pair, old, Optional.empty()));
    } catch (ControlException e) {
      if (e.kind() != ErrorKind.MFA_REQUIRED) {
        throw e;
      }
      return confirm(control, pair, old);
    }
  }

  private DatabaseCert confirm(UserCluster control, KeyPair pair, Optional<String> old) {
    var proof = confirmation.ask(control.factors());
    return control.databaseCertificate(wanted(pair, old, Optional.of(proof)));
  }

  private DatabaseCertRequest wanted(KeyPair pair, Optional<String> old, Optional<MfaProof> proof) {
    return new DatabaseCertRequest(
        wish.database(), wish.dbUser(), wish.dbName(), Pem.encode(pair.getPublic()), old, proof);
  }

  private static TlsIdentity identity(KeyPair pair, String certificate) throws IOException {
    return new TlsIdentity(pair.getPrivate(), Pem.certificates(certificate));
  }

  private synchronized void adopt(RouteCredential credential) {
    var life = Duration.between(clock.instant(), credential.validUntil());
    var third = life.dividedBy(3);
    renewAhead = third.compareTo(RENEW_AHEAD_MAX) < 0 ? third : RENEW_AHEAD_MAX;
    current = credential;
    learned = clock.instant();
    looked = learned;
    doubted = false;
  }
}
