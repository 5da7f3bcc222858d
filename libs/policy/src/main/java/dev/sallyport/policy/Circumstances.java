package dev.sallyport.policy;

import java.util.Objects;
import java.util.Optional;

/// What a decision depends on besides roles and labels, told by whoever asks.
///
/// @param mfaVerified whether the certificate was given for a second factor of this session
/// @param mfaRequired whether the cluster asks that of every session
/// @param lock the lock that is in force on the user, role or device, in words for the user
public record Circumstances(boolean mfaVerified, boolean mfaRequired, Optional<String> lock) {
  /// No second factor was shown and none is asked for.
  public static final Circumstances PLAIN = new Circumstances(false, false, Optional.empty());

  public Circumstances {
    Objects.requireNonNull(lock, "lock");
  }

  public Circumstances withMfaVerified(boolean verified) {
    return new Circumstances(verified, mfaRequired, lock);
  }

  public Circumstances withMfaRequired(boolean required) {
    return new Circumstances(mfaVerified, required, lock);
  }

  public Circumstances withLock(Optional<String> inForce) {
    return new Circumstances(mfaVerified, mfaRequired, inForce);
  }
}
