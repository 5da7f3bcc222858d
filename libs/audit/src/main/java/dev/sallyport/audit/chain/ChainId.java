package dev.sallyport.audit.chain;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Which chain: an agent has one for each epoch. An epoch begins when an agent has no journal to go
/// on with (a new data folder, or one whose journal is lost or older than what Auth has), so that
/// within an epoch a sequence number is given once.
///
/// @param agent the agent's host id
/// @param epoch 32 lower-case hexadecimal digits, chosen at random
public record ChainId(String agent, String epoch) {

  /// Longest name of an agent.
  public static final int AGENT_LENGTH_MAX = 255;

  private static final int EPOCH_LENGTH = 32;

  /// Refuses what could be read as another chain's name.
  public ChainId {
    if (agent.isEmpty() || agent.length() > AGENT_LENGTH_MAX || !isPlain(agent)) {
      throw new IllegalArgumentException(
          "agent is not right (expected: 1 to " + AGENT_LENGTH_MAX + " visible characters)");
    }
    if (epoch.length() != EPOCH_LENGTH || !isLowerHex(epoch)) {
      throw new IllegalArgumentException(
          "epoch is not right (expected: " + EPOCH_LENGTH + " lower-case hexadecimal digits)");
    }
  }

  /// Of what a host reports event by event, and Auth chains and signs for it. Always the same for a
  /// host, so that what it sends again after a restart is known.
  public static ChainId reportedBy(String host) {
    byte[] name = ("reported by " + host).getBytes(StandardCharsets.UTF_8);
    return new ChainId(host, HexFormat.of().formatHex(ChainLink.sha256().digest(name), 0, 16));
  }

  /// Whether it is such a chain.
  public boolean isReported() {
    return equals(reportedBy(agent));
  }

  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static boolean isLowerHex(String text) {
    return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  @Override
  public String toString() {
    return agent + "/" + epoch;
  }
}
