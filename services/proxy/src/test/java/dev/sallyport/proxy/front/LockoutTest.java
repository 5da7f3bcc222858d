package dev.sallyport.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockTarget;
import dev.sallyport.model.SystemRole;
import dev.sallyport.net.tunnel.DialResult;
import dev.sallyport.net.tunnel.OpenDecision;
import dev.sallyport.net.tunnel.StatusCode;
import dev.sallyport.pki.TlsIdentity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What locks do at the Proxy's doors.
final class LockoutTest {
  @TempDir Path folder = Path.of("never");

  @Test
  void aLockedUserIsToldSoAndALockedAgentLosesAllItHas() throws Exception {
    try (var rig = new FrontRig(folder, List.of())) {
      var user = rig.user(FrontRig.route(FrontRig.DATABASE));
      rig.announced.put(FrontRig.DATABASE, Set.of("host-1"));
      rig.agent("host-1", rig.host("host-1", SystemRole.DB), new OpenDecision.Accepted());
      await().until(() -> rig.parked.get() > 0);
      var open = dial(rig, user);
      assertThat(open).isInstanceOf(DialResult.Connected.class);

      rig.lock(
          Lock.of("l1", LockTarget.of(LockPart.USER, "alice")).withMessage(Optional.of("gone")));
      assertThat(dial(rig, user))
          .isEqualTo(
              new DialResult.Refused(
                  StatusCode.DENIED, "lock targeting User:\"alice\" is in force: gone"));
      rig.unlock();
      assertThat(dial(rig, user)).isInstanceOf(DialResult.Connected.class);

      rig.lock(Lock.of("l2", LockTarget.of(LockPart.SERVER_ID, "host-1")));
      var channel = ((DialResult.Connected) open).channel();
      await().until(() -> !channel.isActive());
      await().until(() -> code(dial(rig, user)) == StatusCode.NO_AGENT);
      int before = rig.parked.get();
      rig.unlock();
      await().until(() -> rig.parked.get() > before);
      await().until(() -> dial(rig, user) instanceof DialResult.Connected);
    }
  }

  private static DialResult dial(FrontRig rig, TlsIdentity user) throws Exception {
    return rig.dialer(user).dial().get(10, TimeUnit.SECONDS);
  }

  private static StatusCode code(DialResult result) {
    return result instanceof DialResult.Refused refused ? refused.code() : StatusCode.OK;
  }
}
