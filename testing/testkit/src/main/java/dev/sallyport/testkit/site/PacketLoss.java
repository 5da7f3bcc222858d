package dev.sallyport.testkit.site;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Packets of TCP to and from a port of this machine that the kernel throws away at random, both
 * ways: what a bad network does below the bytes. By a table of nftables of its own, which ends with
 * {@link #close}; other ports notice nothing. Only root may have it, where nft is installed.
 */
public final class PacketLoss implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Path OWN_STATUS = Path.of("/proc/self/status");
  private static final Pattern CAPABILITIES = Pattern.compile("CapEff:\\s*([0-9a-f]+)");
  private static final int NET_ADMIN = 12;

  private final String table;

  private PacketLoss(String table) {
    this.table = table;
  }

  /**
   * Whether the system lets this user change what becomes of packets: root of a Linux may, unless
   * it is one without that right, as in many containers. Then nft is all that may be missing.
   */
  public static boolean permitted() {
    try {
      Matcher capabilities = CAPABILITIES.matcher(Files.readString(OWN_STATUS));
      return capabilities.find()
          && (Long.parseUnsignedLong(capabilities.group(1), 16) >>> NET_ADMIN & 1) == 1;
    } catch (IOException noLinux) {
      return false;
    }
  }

  /** Whether nft is there to be asked. */
  public static boolean installed() {
    return nft("", "--version");
  }

  /**
   * Begins to lose packets.
   *
   * @param percent of all packets of the port, to 100
   * @return nothing where this machine does not let us
   */
  public static Optional<PacketLoss> begin(int port, int percent) {
    String table = "sallyport_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
    String some = percent < 100 ? "numgen random mod 100 < " + percent : "";
    String rules =
        String.format(
            Locale.ROOT,
            """
            table ip %s {
              chain loss {
                type filter hook input priority 0; policy accept;
                tcp dport %d %s drop
                tcp sport %d %s drop
              }
            }
            """,
            table,
            port,
            some,
            port,
            some);
    return nft(rules, "-f", "-") ? Optional.of(new PacketLoss(table)) : Optional.empty();
  }

  @Override
  public void close() {
    if (!nft("", "delete", "table", "ip", table)) {
      throw new IllegalStateException("the packet filter keeps the table " + table);
    }
  }

  private static boolean nft(String input, String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "nft";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
