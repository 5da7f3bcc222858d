package dev.sallyport.auth.state;

import dev.sallyport.model.Secret;
import java.time.Instant;
import java.util.Arrays;
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
  /// @param attested id and public key, in the form of the WebAuthn specification (§6.5.1)
  /// @param counter the last signature counter that it showed
  /// @param passkey whether it also signs in without a password
  public record Key(
      byte[] credentialId,
      byte[] attested,
      long counter,
      boolean passkey,
      boolean backupEligible,
      boolean backedUp)
      implements Factor {
    /// The spelling in the API of a key that needs a password beside it.
    public static final String KIND = "webauthn";

    /// The spelling in the API of a key that does not.
    public static final String PASSKEY = "passkey";

    /// Copies.
    public Key {
      credentialId = credentialId.clone();
      attested = attested.clone();
    }

    @Override
    public byte[] credentialId() {
      return credentialId.clone();
    }

    @Override
    public byte[] attested() {
      return attested.clone();
    }

    @Override
    public String kind() {
      return passkey ? PASSKEY : KIND;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && Arrays.equals(credentialId, key.credentialId)
          && Arrays.equals(attested, key.attested)
          && counter == key.counter
          && passkey == key.passkey
          && backupEligible == key.backupEligible
          && backedUp == key.backedUp;
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(credentialId);
    }

    @Override
    public String toString() {
      return "Key[" + kind() + "]";
    }
  }

  /// The same device after it was used.
  public MfaDeviceRecord used(Factor newFactor, Instant when) {
    return new MfaDeviceRecord(id, name, added, Optional.of(when), newFactor, revision);
  }
}
