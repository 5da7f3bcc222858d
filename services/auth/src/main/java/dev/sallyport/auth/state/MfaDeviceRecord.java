package dev.sallyport.auth.state;

import dev.sallyport.model.Secret;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/// A device by which a user proves a second factor, as it is kept.
///
/// @param name what the user calls it
/// @param revision of the state when it was read; 0 = not kept yet
public record MfaDeviceRecord(
    String id,
    String name,
    Instant added,
    Optional<Instant> lastUsed,
    Factor factor,
    long revision) {

  /// What it proves it with.
  public sealed interface Factor {
    /// The spelling in the API.
    String kind();
  }

  /// A code generator.
  ///
  /// @param secret in Base32
  /// @param lastStep the time step of the last code that was taken; none is taken twice
  public record Totp(Secret secret, long lastStep) implements Factor {
    /// The spelling in the API.
    public static final String KIND = "totp";

    @Override
    public String kind() {
      return KIND;
    }
  }

  /// A key.
  ///
  /// @param credentialId by which the key knows itself, in Base64
  /// @param attested id and public key, in the form of the WebAuthn specification (§6.5.1), in
  ///   Base64
  /// @param counter the last signature counter that it showed
  /// @param passkey whether it also signs in without a password
  public record Key(
      String credentialId,
      String attested,
      long counter,
      boolean passkey,
      boolean backupEligible,
      boolean backedUp)
      implements Factor {
    /// The spelling in the API of a key that needs a password beside it.
    public static final String KIND = "webauthn";

    /// The spelling in the API of a key that does not.
    public static final String PASSKEY = "passkey";

    /// Of the bytes themselves.
    public static Key of(byte[] credentialId, byte[] attested, long counter, boolean passkey) {
      var base64 = Base64.getEncoder();
      return new Key(
          base64.encodeToString(credentialId),
          base64.encodeToString(attested),
          counter,
          passkey,
          false,
          false);
    }

    /// The same key after it showed another counter.
    public Key seen(long newCounter, boolean eligible, boolean backed) {
      return new Key(credentialId, attested, newCounter, passkey, eligible, backed);
    }

    /// By which the key knows itself.
    public byte[] id() {
      return Base64.getDecoder().decode(credentialId);
    }

    /// Id and public key.
    public byte[] publicKey() {
      return Base64.getDecoder().decode(attested);
    }

    @Override
    public String kind() {
      return passkey ? PASSKEY : KIND;
    }
  }

  /// The same device after it was used.
  public MfaDeviceRecord used(Factor newFactor, Instant when) {
    return new MfaDeviceRecord(id, name, added, Optional.of(when), newFactor, revision);
  }
}
