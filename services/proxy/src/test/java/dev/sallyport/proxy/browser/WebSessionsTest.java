package dev.sallyport.proxy.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.ControlException;
import dev.sallyport.model.Secret;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WebSessionsTest {
  private static final String CLIENT = "203.0.113.9";

  private Instant now = Instant.parse("2026-11-22T18:00:00Z");
  private final FakeBrowserDesk desk = new FakeBrowserDesk(() -> now);
  private final WebSessions sessions = new WebSessions(desk, () -> now, 3);

  private Secret session(String name) {
    desk.sessions.put(name, "alice");
    return Secret.of(name);
  }

  @Test
  void aCertificateIsUsedUntilItIsAboutToEndThenKeyAndCertificateAreNew() {
    var session = session("one");
    var first = sessions.use(session, CLIENT).identity();
    now = now.plus(Duration.ofMinutes(3));
    assertThat(sessions.use(session, CLIENT).identity()).isSameAs(first);
    now = now.plus(Duration.ofMinutes(1));
    var second = sessions.use(session, CLIENT).identity();
    assertThat(second.leaf()).isNotEqualTo(first.leaf());
    assertThat(second.key()).isNotEqualTo(first.key());
    assertThat(desk.certified).hasSize(2);
    assertThat(desk.certified.getFirst().publicKey())
        .isNotEqualTo(desk.certified.getLast().publicKey());
  }

  @Test
  void oneSessionNeverGetsTheCertificateOfAnother() {
    var one = session("one");
    desk.sessions.put("two", "bob");
    assertThat(sessions.use(one, CLIENT).certificate().user()).isEqualTo("alice");
    assertThat(sessions.use(Secret.of("two"), CLIENT).certificate().user()).isEqualTo("bob");
    assertThat(sessions.use(one, CLIENT).certificate().user()).isEqualTo("alice");
  }

  @Test
  void anEndedSessionIsForgotten() {
    var session = session("one");
    sessions.use(session, CLIENT);
    desk.sessions.clear();
    assertThatThrownBy(() -> sessions.renew(session, CLIENT)).isInstanceOf(ControlException.class);
    assertThat(sessions.remembered()).isZero();
    assertThatThrownBy(() -> sessions.use(session, CLIENT)).isInstanceOf(ControlException.class);
  }

  @Test
  void memoryIsBoundedAndTheLeastUsedGoesFirst() {
    var first = session("1");
    sessions.use(first, CLIENT);
    for (var name : new String[] {"2", "3"}) {
      sessions.use(session(name), CLIENT);
    }
    sessions.use(first, CLIENT);
    sessions.use(session("4"), CLIENT);
    assertThat(sessions.remembered()).isEqualTo(3);
    var before = desk.certified.size();
    sessions.use(first, CLIENT);
    assertThat(desk.certified).hasSize(before);
    sessions.use(Secret.of("2"), CLIENT);
    assertThat(desk.certified).hasSize(before + 1);
  }
}
