package dev.sallyport.testkit.aws;

/// A header line exactly as it was, or shall be, on the wire.
///
/// @param name in the spelling of the wire
/// @param value without surrounding blanks
public record WireHeader(String name, String value) {}
