package dev.sallyport.control;

/// Removes a device.
///
/// @param proof any registered second factor, also the one that is removed
public record RemoveDeviceRequest(MfaProof proof) {}
