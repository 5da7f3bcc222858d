package dev.sallyport.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeNameTest {
  @TempDir Path folder;

  @Test
  void aNameThatNoResolverKnowsIsTaken() throws IOException {
    var file = Files.writeString(folder.resolve("hostname"), "agent-host.invalid\n");
    assertThat(NodeName.from(file)).isEqualTo("agent-host.invalid");
  }

  @Test
  void withoutOneOfTheKernelItIsTheOneOfAnAddress() throws IOException {
    assertThat(NodeName.from(folder.resolve("none"))).isEqualTo(ListenAddresses.machineName());
    var empty = Files.writeString(folder.resolve("hostname"), "\n");
    assertThat(NodeName.from(empty)).isEqualTo(ListenAddresses.machineName());
  }
}
