package dev.sallyport.control;

/// Asks for what a sign-in has to answer, as it comes to the Proxy's public door.
///
/// @param user empty when `passwordless`
/// @param passwordless whether a passkey shall be enough
public record WebLoginBegin(String user, boolean passwordless) {}
