package dev.sallyport.audit.chain;

/// Something in a chain that is not as the agent made it, and where.
///
/// @param kind what is wrong
/// @param first the first sequence number that it concerns
/// @param last the last one
/// @param message the same for people; holds no content of a record
public record ChainFault(Kind kind, ChainId chain, long first, long last, String message) {

  /// What can be wrong.
  public enum Kind {
    /// Records are not there: dropped, or never delivered.
    MISSING,
    /// A record stands after a later one, or twice.
    OUT_OF_ORDER,
    /// A record, or the hash that is kept with it, was changed.
    EDITED,
    /// The agent signed another history of these records.
    FORKED,
    /// The agent signed for records that are not there any more: the end was cut off, or an old
    /// copy put back.
    TRUNCATED,
    /// Records are not there, and the agent itself said so in a record that it signed. No sign of
    /// tampering.
    LOST,
    /// Records are there and no events which their sender may report; Auth said so. No sign of
    /// tampering.
    SET_ASIDE,
    /// A checkpoint whose signature or certificate does not count.
    UNTRUSTED,
    /// The agent signed for these records, and the signature is not there any more.
    UNSIGNED,
    /// The agent signed at a time, by its own clock, at which its certificate was not valid: the
    /// clock was wrong. Proves nothing, and a later signature does. No sign of tampering.
    WRONG_CLOCK,
    /// A search shows something else than what is on record, or hides it.
    MISINDEXED
  }
}
