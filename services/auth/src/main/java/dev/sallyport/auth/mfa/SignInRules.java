package dev.sallyport.auth.mfa;

import dev.sallyport.auth.state.MfaDeviceRecord;
import dev.sallyport.model.RelyingParty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What people must prove to sign in, as the cluster's settings have it now.
///
/// @param localAuth whether anybody signs in here at all, by password or passkey
/// @param totp whether codes from apps are taken
/// @param webauthn whether keys are taken
/// @param required whether everybody needs a second factor; otherwise those who registered one
/// @param passwordless whether a passkey alone is enough
/// @param party for whom keys sign; without one no key is taken, whatever else is said
public record SignInRules(
    boolean localAuth,
    boolean totp,
    boolean webauthn,
    boolean required,
    boolean passwordless,
    Optional<RelyingParty> party) {

  /// Whether a second factor is ever asked for.
  public boolean any() {
    return totp || webauthn;
  }

  /// The party, if keys are taken.
  Optional<RelyingParty> keys() {
    return webauthn ? party : Optional.empty();
  }

  /// Whether such a device may be used.
  boolean takes(MfaDeviceRecord device) {
    return switch (device.factor()) {
      case MfaDeviceRecord.Totp _ -> totp;
      case MfaDeviceRecord.Key _ -> webauthn;
    };
  }

  /// Whether a passkey alone is enough now.
  boolean withoutPassword() {
    return localAuth && passwordless && keys().isPresent();
  }

  /// The kinds of devices that can be registered, best first.
  public List<String> kinds() {
    var kinds = new ArrayList<String>();
    if (keys().isPresent()) {
      kinds.add(MfaDeviceRecord.Key.KIND);
    }
    if (withoutPassword()) {
      kinds.add(MfaDeviceRecord.Key.PASSKEY);
    }
    if (totp) {
      kinds.add(MfaDeviceRecord.Totp.KIND);
    }
    return List.copyOf(kinds);
  }
}
