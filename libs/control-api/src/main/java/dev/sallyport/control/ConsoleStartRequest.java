package dev.sallyport.control;

/// A [ConsoleStart] as the Proxy passes it on.
///
/// @param clientAddress where it came from, as the Proxy saw it
public record ConsoleStartRequest(ConsoleStart start, String clientAddress) {}
