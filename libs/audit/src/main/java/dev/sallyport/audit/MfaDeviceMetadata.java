package dev.sallyport.audit;

/// A device by which a user proves a second factor.
///
/// @param mfaDeviceName what the user calls it
/// @param mfaDeviceUuid its id, by which locks name it
/// @param mfaDeviceType `TOTP` or `WebAuthn`
public record MfaDeviceMetadata(String mfaDeviceName, String mfaDeviceUuid, String mfaDeviceType) {}
