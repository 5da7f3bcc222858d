package dev.sallyport.model;

import java.util.Arrays;
import java.util.Optional;

/// How far the change of an authority's key has come.
///
/// ```
/// standby ──▶ init ──▶ update_clients ──▶ update_servers ──▶ standby
///               └────────────┴──── rollback ────┴──▶ standby (with the old key)
/// ```
public enum RotationPhase {
  /// No change is under way.
  STANDBY("standby"),
  /// The next key exists and is trusted; the old one signs.
  INIT("init"),
  /// The next key signs; hosts show the new certificate where they dial, the old one where they
  /// listen.
  UPDATE_CLIENTS("update_clients"),
  /// Hosts show the new certificate everywhere; the old key is still trusted.
  UPDATE_SERVERS("update_servers"),
  /// The old key signs again; the next one is still trusted.
  ROLLBACK("rollback");

  private final String wireName;

  RotationPhase(String wireName) {
    this.wireName = wireName;
  }

  /// The spelling in documents and flags.
  public String wireName() {
    return wireName;
  }

  /// The phase of that exact spelling.
  public static Optional<RotationPhase> parse(String text) {
    return Arrays.stream(values()).filter(phase -> phase.wireName.equals(text)).findFirst();
  }
}
