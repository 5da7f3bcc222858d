package dev.sallyport.tsh.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.console.ProxyAddress;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.MfaProof;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SignIn;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.tsh.FakeClusters;
import dev.sallyport.tsh.LoginSource;
import dev.sallyport.tsh.tunnel.DatabaseCertificates.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class DatabaseCertificatesTest {
  private static final Duration LOGIN = Duration.ofMinutes(30);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
  private final FakeClusters clusters = new FakeClusters(now::get);
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger reads = new AtomicInteger();
  private final List<TrustBundle> kept = new CopyOnWriteArrayList<>();
  private volatile IdentityFile login;
  private final DatabaseCertificates certificates;

  DatabaseCertificatesTest() throws PemException {
    login = clusters.signedIn(LOGIN);
    var source =
        new LoginSource(
            new ProxyAddress("proxy.example.com", 443),
            () -> {
              reads.incrementAndGet();
              return login;
            },
            "",
            kept::add);
    var wish = new RouteWish("example-dynamodb", "ExampleTeleportDynamoDBRole", Optional.empty());
    certificates =
        new DatabaseCertificates(
            clusters,
            source,
            wish,
            factors -> {
              asked.incrementAndGet();
              return MfaProof.totp(Secret.of("123456"));
            },
            now::get);
    try (var control = clusters.open(source.proxy(), login)) {
      certificates.obtain(control, login);
    }
  }

  @Test
  void anAgentThatIsNotOnTheListMakesItAskAgainThoughTheCertificateLastsAsLongAsTheLogin() {
    certificates.doubt();
    await().atMost(Duration.ofSeconds(10)).until(() -> clusters.issued.size() == 2);
    assertThat(clusters.issued.get(1).renews()).isPresent();
  }

  @Test
  void whomToTrustIsAskedEveryFourMinutesAndKept() throws Exception {
    certificates.renewWhenDue();
    now.set(now.get().plus(Duration.ofMinutes(5)));
    assertThat(kept).isEmpty();
    clusters.rotated = true;
    certificates.renewWhenDue();
    await().atMost(Duration.ofSeconds(10)).until(() -> !kept.isEmpty());
    assertThat(kept.getFirst().hostAuthorities()).hasSize(2);
    assertThat(clusters.issued).as("no other certificate was asked for").hasSize(1);
  }

  @Test
  void whoSignedInByANewKeyGetsACertificateByItBeforeTheOldOneIsWorthNothing() throws Exception {
    clusters.usersRotated = true;
    login = clusters.signedIn(LOGIN);
    certificates.renewWhenDue();
    assertThat(clusters.issued).as("not at every look").hasSize(1);
    now.set(now.get().plusSeconds(3));
    certificates.renewWhenDue();
    await().atMost(Duration.ofSeconds(10)).until(() -> clusters.issued.size() == 2);
    assertThat(clusters.issued.get(1).renews()).isPresent();
  }

  @Test
  void whoSignedInAgainGetsACertificateOfThatSignIn() throws Exception {
    signInAgain();
    certificates.renewWhenDue();
    await().atMost(Duration.ofSeconds(10)).until(() -> clusters.issued.size() == 2);
    assertThat(clusters.issued.get(1).renews()).isPresent();
  }

  /// Another sign-in may be of less use than the one before, which goes on.
  @Test
  void aRefusedSignInIsNotAskedForAgainAndAgainAndOneThatFoundNobodyIs() throws Exception {
    clusters.refusal = Optional.of(new ControlException(ErrorKind.UNAVAILABLE, "nobody there"));
    signInAgain();
    certificates.renewWhenDue();
    await().atMost(Duration.ofSeconds(10)).until(() -> clusters.issued.size() == 2);
    clusters.refusal = Optional.of(new ControlException(ErrorKind.ACCESS_DENIED, "not you"));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> {
          now.set(now.get().plusSeconds(3));
          certificates.renewWhenDue();
          return clusters.issued.size() == 3;
        });
    now.set(now.get().plusSeconds(3));
    looks();
    assertThat(certificates.refresh().join()).isInstanceOf(Attempt.Failed.class);
    assertThat(clusters.issued).as("the one that was asked for here").hasSize(4);
    assertThat(certificates.usable()).isPresent();
  }

  @Test
  void aLoginThatWasOnlyReadAgainKeepsTheCertificate() {
    now.set(now.get().plusSeconds(3));
    looks();
    certificates.refresh().join();
    assertThat(clusters.issued).hasSize(1);
  }

  private void signInAgain() throws PemException {
    clusters.signIn = Optional.of(new SignIn("another", Optional.empty()));
    login = clusters.signedIn(LOGIN);
    now.set(now.get().plusSeconds(3));
  }

  private void looks() {
    int before = reads.get();
    certificates.renewWhenDue();
    await().atMost(Duration.ofSeconds(10)).until(() -> reads.get() > before);
  }

  @Test
  void withoutADoubtNothingIsAskedWhenTheAnswerWouldBeTheSame() {
    assertThat(certificates.refresh().join()).isInstanceOf(Attempt.Obtained.class);
    assertThat(clusters.issued).hasSize(1);
  }

  @Test
  void aDatabaseThatNobodyAnnouncesForTheMomentIsAnOutage() {
    clusters.refusal = Optional.of(new ControlException(ErrorKind.NOT_FOUND, "database not found"));
    now.set(now.get().plus(LOGIN).minusSeconds(1));
    assertThat(certificates.refresh().join())
        .isInstanceOfSatisfying(
            Attempt.Failed.class,
            failed -> {
              assertThat(failed.lasting()).isFalse();
              assertThat(failed.answer().status()).isEqualTo(503);
            });
  }

  /// So that a program tries again by itself, and nobody is told to sign in for nothing.
  @Test
  void whyNoOtherIsGivenIsToldAlsoBetweenTwoTries() {
    var held = certificates.usable().orElseThrow();
    clusters.refusal = Optional.of(new ControlException(ErrorKind.NOT_FOUND, "database not found"));
    now.set(now.get().plusSeconds(2));
    for (int i = 0; i < 2; i++) {
      assertThat(certificates.replace(held).join())
          .isInstanceOfSatisfying(
              Attempt.Failed.class,
              failed -> assertThat(failed.fault()).isEqualTo(DatabaseCertificates.Fault.OUTAGE));
    }
    clusters.refusal = Optional.empty();
    assertThat(certificates.replace(held).join()).isInstanceOf(Attempt.Failed.class);
    now.set(now.get().plusSeconds(1));
    assertThat(certificates.replace(held).join())
        .isInstanceOfSatisfying(
            Attempt.Obtained.class,
            obtained -> assertThat(obtained.credential()).isNotEqualTo(held));
  }

  @Test
  void aRefusalOfTheUserLasts() {
    clusters.refusal = Optional.of(new ControlException(ErrorKind.ACCESS_DENIED, "no"));
    now.set(now.get().plus(LOGIN).minusSeconds(1));
    assertThat(certificates.refresh().join())
        .isInstanceOfSatisfying(
            Attempt.Failed.class,
            failed -> {
              assertThat(failed.lasting()).isTrue();
              assertThat(failed.answer().status()).isEqualTo(400);
            });
  }

  /// A handshake that begins before the end may be refused after it.
  @Test
  void theEndOfACertificateIsToldAsSuchAlsoWhenTheOtherEndSawItFirst() {
    assertThat(certificates.endedMeanwhile()).isEmpty();
    now.set(now.get().plus(LOGIN));
    assertThat(certificates.endedMeanwhile())
        .hasValueSatisfying(answer -> {
          assertThat(answer.type()).contains("ExpiredToken");
          assertThat(answer.message()).contains("has expired at");
        });
  }

  @Test
  void aSecondFactorIsAskedForAgainAheadOfItsEndAndNotBefore() {
    assertThat(asked).hasValue(0);
    clusters.sessionMfa = Optional.of(Duration.ofMinutes(30));
    now.set(now.get().plus(LOGIN).minus(Duration.ofHours(1)));
    certificates.doubt();
    await().atMost(Duration.ofSeconds(10)).until(() -> clusters.issued.size() == 3);
    assertThat(asked).hasValue(1);
    assertThat(clusters.issued.get(1).mfa()).isEmpty();
    assertThat(clusters.issued.get(2).mfa()).isPresent();
    await().atMost(Duration.ofSeconds(10)).until(() -> certificates.usable().isPresent());

    // A doubt keeps key and factor; the end being near does not.
    now.set(now.get().plusSeconds(5));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> {
          // As long as the attempt before has not quite ended, there is nothing to ask anew.
          certificates.doubt();
          return clusters.issued.size() == 4;
        });
    assertThat(asked).hasValue(1);
    assertThat(clusters.issued.get(3).publicKey()).isEqualTo(clusters.issued.get(2).publicKey());
    now.set(now.get().plus(Duration.ofMinutes(26)));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> certificates.refresh().join() instanceof Attempt.Obtained && asked.get() == 2);
    assertThat(clusters.issued.getLast().mfa()).isPresent();
    assertThat(clusters.issued.getLast().publicKey())
        .isNotEqualTo(clusters.issued.get(3).publicKey());
  }

  @Test
  void aClockThatWasAheadAndIsSetRightHoldsUpNoRenewal() {
    var held = certificates.usable().orElseThrow();
    now.set(now.get().plus(LOGIN).plus(LOGIN));
    assertThat(certificates.usable()).isEmpty();
    assertThat(certificates.refresh().join())
        .isInstanceOfSatisfying(
            Attempt.Failed.class,
            failed -> {
              assertThat(failed.answer().type()).contains("ExpiredToken");
              assertThat(failed.answer().message()).contains("your login has expired at");
            });
    now.set(now.get().minus(LOGIN).minus(LOGIN).plusSeconds(1));
    assertThat(certificates.usable()).contains(held);
    assertThat(certificates.replace(held).join())
        .isInstanceOfSatisfying(
            Attempt.Obtained.class,
            obtained -> assertThat(obtained.credential()).isNotEqualTo(held));
  }

  @Test
  void whomToTrustIsAskedAgainThoughTheClockWasSetBack() {
    now.set(now.get().minus(Duration.ofHours(1)));
    clusters.rotated = true;
    certificates.renewWhenDue();
    await().atMost(Duration.ofSeconds(10)).until(() -> !kept.isEmpty());
  }

  /// The user has signed in again, so that asking would help.
  @Test
  void aRenewalThatIsDueWhileTheClusterIsAwayIsTriedAgainAndAnOutageOnlyAfterTheEnd()
      throws Exception {
    login = clusters.signedIn(LOGIN.multipliedBy(4));
    clusters.refusal = Optional.of(new ControlException(ErrorKind.UNAVAILABLE, "no answer"));
    var held = certificates.usable().orElseThrow();
    now.set(held.validUntil().minusSeconds(60));
    assertThat(certificates.refresh().join()).isInstanceOf(Attempt.Failed.class);
    assertThat(certificates.usable()).as("until its end").contains(held);
    now.set(held.validUntil());
    assertThat(certificates.usable()).isEmpty();
    assertThat(certificates.refresh().join())
        .isInstanceOfSatisfying(
            Attempt.Failed.class,
            failed -> {
              assertThat(failed.lasting()).isFalse();
              assertThat(failed.answer().status()).isEqualTo(503);
              assertThat(failed.answer().message())
                  .contains("the database certificate could not be renewed: no answer");
            });
    clusters.refusal = Optional.empty();
    now.set(now.get().plusSeconds(1));
    certificates.renewWhenDue();
    await().atMost(Duration.ofSeconds(10)).until(() -> certificates.usable().isPresent());
  }

  /// As in the background, where nobody can be asked.
  @Test
  void whereNobodyCanBeAskedTheEndOfASecondFactorIsTold() throws Exception {
    clusters.sessionMfa = Optional.of(Duration.ofMinutes(30));
    var first = certificates.usable().orElseThrow();
    var alone =
        new DatabaseCertificates(
            clusters,
            certificates.source(),
            certificates.wish(),
            _ -> {
              throw new ControlException(ErrorKind.MFA_REQUIRED, "start it anew");
            },
            now::get);
    assertThat(alone.resume(first.file(), first.agents()).validUntil())
        .isEqualTo(first.validUntil());
    alone.doubt();
    assertThat(alone.refresh().join())
        .isInstanceOfSatisfying(
            Attempt.Failed.class,
            failed -> {
              assertThat(failed.lasting()).isTrue();
              assertThat(failed.answer().message()).contains("start it anew");
            });
  }
}
