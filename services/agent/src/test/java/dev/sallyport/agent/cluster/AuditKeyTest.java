package dev.sallyport.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditKeyTest {
  private static final Secret KEY = Secret.of("0123456789abcdef".repeat(4));

  private static Secret away() {
    throw new ControlException(ErrorKind.UNAVAILABLE, "away");
  }

  @TempDir Path folder = Path.of("never");

  private AuditKey open() throws IOException {
    return AuditKey.open(new AgentState(folder.resolve("agent"), InstantSource.system()));
  }

  @Test
  void comesFromAuthAndServesWhileAuthIsAway() throws IOException {
    var first = open();
    assertThat(first.isKnown()).isFalse();
    assertThatThrownBy(first::get).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> first.confirm(AuditKeyTest::away))
        .isInstanceOf(ControlException.class);
    first.confirm(() -> KEY);
    var hash = first.get().ofKey("pk", "S:a");
    var file = folder.resolve("agent/audit.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    var second = open();
    assertThatThrownBy(() -> second.confirm(AuditKeyTest::away))
        .isInstanceOf(ControlException.class);
    assertThat(second.get().ofKey("pk", "S:a")).isEqualTo(hash);
    assertThat(second.get().toString()).doesNotContain(KEY.reveal());
  }

  @Test
  void thatOfAuthCountsAndOneAnswerIsEnough() throws IOException {
    var agent = open();
    agent.confirm(() -> Secret.of("f".repeat(64)));
    agent.confirm(AuditKeyTest::away);
    var moved = open();
    moved.confirm(() -> KEY);
    assertThat(open().get().ofKey("pk", "S:a")).isEqualTo(moved.get().ofKey("pk", "S:a"));
    assertThat(moved.get().ofKey("pk", "S:a")).isNotEqualTo(agent.get().ofKey("pk", "S:a"));
  }

  @Test
  void aFileThatIsNoKeyIsToldWithoutShowingIt() throws IOException {
    open().confirm(() -> KEY);
    Files.writeString(folder.resolve("agent/audit.key"), "canary");
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("audit.key")
        .hasMessageNotContaining("canary");
    assertThatThrownBy(() ->
            AuditKey.open(new AgentState(folder, InstantSource.system()))
                .confirm(() -> Secret.of("canary")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("canary");
  }
}
