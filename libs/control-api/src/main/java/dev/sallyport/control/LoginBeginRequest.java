package dev.sallyport.control;

/// Asks for what a sign-in has to answer, before the password is looked at.
///
/// @param user who wants to sign in; empty when `passwordless`
/// @param passwordless whether a passkey shall be enough: the answer then names no key
/// @param clientAddress where it came from, as the Proxy saw it
public record LoginBeginRequest(String user, boolean passwordless, String clientAddress) {}
