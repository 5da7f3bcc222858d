package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.testkit.client.InstalledClients;
import dev.sallyport.testkit.client.InstalledClients.AwsCli;
import dev.sallyport.testkit.site.PacketLoss;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients, and other programs, that a machine may lack. A test that asks for one is skipped where
 * it is not installed; it fails where {@code SALLYPORT_REQUIRE_CLIENTS=1} says that nothing may be
 * skipped, as continuous integration does.
 */
final class NeededClients {
  private static final Logger log = LoggerFactory.getLogger(NeededClients.class);

  /** What {@code ./dev} makes of the environment's variable. */
  private static final boolean REQUIRED = Boolean.getBoolean("clients.required");

  private static final String NFT = "nft";

  /** Of the environment: what of all that is required could not be installed. */
  private static final String LACKING = "SALLYPORT_LACKING";

  private static final List<String> AWS_CLIS =
      List.of(System.getProperty("clients.awsCli", "").split(" "));

  private NeededClients() {}

  /** The AWS CLI of each major version that is here; at least one. */
  static List<AwsCli> awsClis() {
    List<AwsCli> commands = InstalledClients.awsClis();
    need(!commands.isEmpty(), "the AWS CLI");
    return commands;
  }

  /**
   * The AWS CLI of this major version. Continuous integration says in {@code
   * SALLYPORT_REQUIRE_AWS_CLI} which of them it has, and so must not be skipped.
   */
  static String awsCli(int major) {
    Optional<AwsCli> found =
        InstalledClients.awsClis().stream().filter(cli -> cli.major() == major).findFirst();
    need(
        found.isPresent(),
        "version " + major + " of the AWS CLI",
        AWS_CLIS.contains(Integer.toString(major)));
    return found.orElseThrow().command();
  }

  /** A Python that has boto3. */
  static String pythonWithBoto3() {
    Optional<String> python = InstalledClients.pythonWithBoto3();
    need(python.isPresent(), "Python with boto3 1.28 or newer");
    return python.orElseThrow();
  }

  /**
   * Packets of this port get lost, a part of them, until it is closed. That takes root of a Linux
   * that may change what becomes of packets, and nft; of these, only nft can be asked for.
   */
  static PacketLoss packetLoss(int port, int percent) {
    assumeTrue(
        PacketLoss.permitted(), "packets can be lost only by root of a Linux with CAP_NET_ADMIN");
    need(PacketLoss.installed(), NFT, REQUIRED && !NFT.equals(System.getenv(LACKING)));
    Optional<PacketLoss> loss = PacketLoss.begin(port, percent);
    assumeTrue(loss.isPresent(), "the kernel of this machine filters no packets");
    return loss.orElseThrow();
  }

  /** Logs that a test does less than it should; fails where nothing may be left out. */
  static void unlessRequired(String less) {
    if (REQUIRED) {
      throw new AssertionError(less + ", and the environment asks for all");
    }
    log.warn("{}", less);
  }

  /** Skips or fails where something is missing. */
  static void need(boolean there, String what) {
    need(there, what, REQUIRED);
  }

  private static void need(boolean there, String what, boolean required) {
    String told = what + " is not installed";
    if (required) {
      assertThat(there).as("%s, and the environment asks for it", told).isTrue();
    }
    assumeTrue(there, told);
  }
}
