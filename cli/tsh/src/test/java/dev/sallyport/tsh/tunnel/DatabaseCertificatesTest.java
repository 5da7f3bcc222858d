package dev.sallyport.tsh.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.console.ProxyAddress;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.PemException;
import dev.sallyport.tsh.FakeClusters;
import dev.sallyport.tsh.LoginSource;
import dev.sallyport.tsh.tunnel.DatabaseCertificates.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class DatabaseCertificatesTest {
  private static final Duration LOGIN = Duration.ofMinutes(30);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
  private final FakeClusters clusters = new FakeClusters(now::get);
  private final IdentityFile login;
  private final DatabaseCertificates certificates;

  DatabaseCertificatesTest() throws PemException {
    login = clusters.signedIn(LOGIN);
    var source = new LoginSource(new ProxyAddress("proxy.example.com", 443), () -> login, "");
    var wish = new RouteWish("example-dynamodb", "ExampleTeleportDynamoDBRole", Optional.empty());
    certificates = new DatabaseCertificates(clusters, source, wish, now::get);
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
}
