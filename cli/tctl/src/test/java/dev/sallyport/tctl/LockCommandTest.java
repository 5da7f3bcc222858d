package dev.sallyport.tctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Kind;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LockCommandTest extends TctlRig {

  private Lock only() {
    assertThat(cluster.list(Kind.LOCK, false)).hasSize(1);
    return (Lock) cluster.list(Kind.LOCK, false).getFirst();
  }

  @Test
  void lockIsMadeShownAndTakenAway() {
    assertThat(tctl("lock", "--user=alice", "--mfa-device=1f0c", "--message=gone", "--ttl=10h"))
        .isZero();
    Lock lock = only();
    assertThat(out())
        .isEqualTo("Created a lock with name \"%s\".\n".formatted(lock.resourceName()));
    assertThat(lock.resourceName()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    assertThat(lock.target().parts())
        .isEqualTo(Map.of(LockPart.USER, "alice", LockPart.MFA_DEVICE, "1f0c"));
    assertThat(lock.refusal())
        .isEqualTo("lock targeting User:\"alice\" MFADevice:\"1f0c\" is in force: gone");
    assertThat(lock.metadata().expires()).contains(FakeAdminApi.NOW.plus(Duration.ofHours(10)));

    assertThat(tctl("get", "locks")).isZero();
    assertThat(out()).contains("kind: lock", "user: alice", "message: gone", "expires:");

    assertThat(tctl("rm", "lock/" + lock.resourceName())).isZero();
    assertThat(out()).isEqualTo("lock \"%s\" has been deleted\n".formatted(lock.resourceName()));
    assertThat(cluster.list(Kind.LOCK, false)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--user, USER, true",
    "--role, ROLE, true",
    "--mfa-device, MFA_DEVICE, true",
    "--server-id, SERVER_ID, true",
    "--join-token, JOIN_TOKEN, true",
    "--session, SESSION, true",
    "--login, LOGIN, false",
    "--device, DEVICE, false",
    "--windows-desktop, WINDOWS_DESKTOP, false",
    "--access-request, ACCESS_REQUEST, false",
    "--bot-instance-id, BOT_INSTANCE_ID, false"
  })
  void everyTargetHasAFlagAndOneWithoutEffectIsWarnedOf(
      String flag, LockPart part, boolean effective) {
    assertThat(tctl("lock", flag, "x")).isZero();
    assertThat(only().target().parts()).isEqualTo(Map.of(part, "x"));
    assertThat(err().contains("WARNING")).isEqualTo(!effective);
    assertThat(LockPart.values()).hasSize(11);
  }

  @Test
  void endCanBeATimeAndNotBothWays() {
    assertThat(tctl("lock", "--role=dev", "--expires=2031-01-01T02:00:00+02:00")).isZero();
    assertThat(only().metadata().expires()).contains(Instant.parse("2031-01-01T00:00:00Z"));
    refused("use only one of", "lock", "--role=dev", "--ttl=1h", "--expires=2031-01-01T00:00:00Z");
    refused("--expires: \"soon\"", "lock", "--role=dev", "--expires=soon");
    refused("--ttl: \"-1h\"", "lock", "--role=dev", "--ttl=-1h");
    refused("at least one target must be specified", "lock", "--message=why");
    refused("user: 0 characters", "lock", "--user=");
  }

  private void refused(String why, String... arguments) {
    assertThat(tctl(arguments)).isEqualTo(1);
    assertThat(err()).startsWith("ERROR: ").contains(why);
  }
}
