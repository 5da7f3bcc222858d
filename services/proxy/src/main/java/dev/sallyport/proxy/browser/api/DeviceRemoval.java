package dev.sallyport.proxy.browser.api;

import dev.sallyport.control.MfaProof;

/// Removes a second factor.
///
/// @param proof any registered one, also the one that is removed
public record DeviceRemoval(String id, MfaProof proof) {}
