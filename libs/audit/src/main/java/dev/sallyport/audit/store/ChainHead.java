package dev.sallyport.audit.store;

import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;

/// How far a chain is kept, from where to where.
///
/// @param chain its name
/// @param first sequence of the oldest record that is kept; one more than `last` when there is none
/// @param anchor hash of the record before it, from which the chain can be followed
/// @param last sequence of the newest record; 0 when there never was one
/// @param head hash of the newest record
public record ChainHead(String chain, long first, String anchor, long last, String head) {

  /// A chain that has no record yet.
  public static ChainHead empty(ChainId chain) {
    var origin = ChainLink.origin(chain).hash().hex();
    return new ChainHead(chain.toString(), 1, origin, 0, origin);
  }
}
