package dev.sallyport.audit.journal;

import dev.sallyport.audit.chain.ChainId;
import java.security.SecureRandom;
import java.util.HexFormat;

/// Names of new chains.
final class ChainIds {

  private static final int EPOCH_BYTES = 16;

  private ChainIds() {}

  static ChainId random(String agent) {
    byte[] epoch = new byte[EPOCH_BYTES];
    new SecureRandom().nextBytes(epoch);
    return new ChainId(agent, HexFormat.of().formatHex(epoch));
  }
}
