package dev.sallyport.control;

import java.time.Instant;
import java.util.List;

/// What the page behind a link needs to know.
///
/// @param kind `invite` or `reset`
/// @param deviceRequired whether a device must be registered with the password
/// @param deviceKinds what can be registered, best first: of `webauthn`, `passkey`, `totp`
public record InviteInfo(
    String user, String kind, Instant expires, boolean deviceRequired, List<String> deviceKinds) {
  /// Copies.
  public InviteInfo {
    deviceKinds = List.copyOf(deviceKinds);
  }

  /// A link behind which no device can be registered.
  public InviteInfo(String user, String kind, Instant expires) {
    this(user, kind, expires, false, List.of());
  }
}
