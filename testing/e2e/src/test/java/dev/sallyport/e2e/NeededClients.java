package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.testkit.client.InstalledClients;
import dev.sallyport.testkit.client.InstalledClients.AwsCli;
import java.util.List;
import java.util.Optional;

/**
 * Clients that a machine may lack. A test that asks for one is skipped where it is not installed;
 * it fails where {@code SALLYPORT_REQUIRE_CLIENTS=1} says that nothing may be skipped, as
 * continuous integration does.
 */
final class NeededClients {
  /** What {@code ./dev} makes of the environment's variable. */
  private static final boolean REQUIRED = Boolean.getBoolean("clients.required");

  private NeededClients() {}

  /** The AWS CLI of each major version that is here; at least one. */
  static List<AwsCli> awsClis() {
    List<AwsCli> commands = InstalledClients.awsClis();
    need(!commands.isEmpty(), "the AWS CLI");
    return commands;
  }

  /** A Python that has boto3. */
  static String pythonWithBoto3() {
    Optional<String> python = InstalledClients.pythonWithBoto3();
    need(python.isPresent(), "Python with boto3 1.28 or newer");
    return python.orElseThrow();
  }

  /** Skips or fails where something is missing. */
  static void need(boolean there, String what) {
    String told = what + " is not installed";
    if (REQUIRED) {
      assertThat(there).as("%s, and SALLYPORT_REQUIRE_CLIENTS asks for it", told).isTrue();
    }
    assumeTrue(there, told);
  }
}
