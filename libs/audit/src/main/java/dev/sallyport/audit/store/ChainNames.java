package dev.sallyport.audit.store;

import dev.sallyport.audit.chain.ChainId;

/// The name under which a chain is kept: the agent, a slash, the epoch.
public final class ChainNames {
  private ChainNames() {}

  /// The chain of that name.
  ///
  /// @throws IllegalArgumentException if it is none
  public static ChainId parse(String name) {
    var slash = name.lastIndexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("chain name (expected: agent/epoch)");
    }
    return new ChainId(name.substring(0, slash), name.substring(slash + 1));
  }
}
