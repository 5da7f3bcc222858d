package dev.sallyport.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a host is called where its file has no `nodename`.
final class NodeName {
  private static final Path KERNELS = Path.of("/proc/sys/kernel/hostname");

  private NodeName() {}

  /// The kernel's name of this machine, as `hostname` prints it; where there is none, the one that
  /// an address of this machine has.
  static String ofThisMachine() {
    return from(KERNELS);
  }

  /// The name in that file. Nobody has to be able to look it up: a host whose name no resolver
  /// knows is still told from others by it.
  static String from(Path kernels) {
    try {
      var name = Files.readString(kernels).strip();
      return name.isEmpty() ? ListenAddresses.machineName() : name;
    } catch (IOException e) {
      return ListenAddresses.machineName();
    }
  }
}
