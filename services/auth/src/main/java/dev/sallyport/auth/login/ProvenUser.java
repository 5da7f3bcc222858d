package dev.sallyport.auth.login;

import dev.sallyport.auth.state.MfaDeviceRecord;
import dev.sallyport.model.User;
import java.util.Optional;

/// Somebody who has proven who they are. Made only by [SignInCheck].
public final class ProvenUser {
  private final User user;
  private final Optional<MfaDeviceRecord> device;

  ProvenUser(User user, Optional<MfaDeviceRecord> device) {
    this.user = user;
    this.device = device;
  }

  /// Who.
  public User user() {
    return user;
  }

  /// By which device, beside or instead of the password.
  public Optional<MfaDeviceRecord> device() {
    return device;
  }
}
