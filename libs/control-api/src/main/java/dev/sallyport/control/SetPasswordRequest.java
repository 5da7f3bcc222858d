package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.util.Optional;

/// Sets the password behind a link, and registers a device: both or neither. The link ends by it.
///
/// @param clientAddress where it came from, as the Proxy saw it
/// @param device the answer of a device that was begun behind this very link
public record SetPasswordRequest(
    Secret password, String clientAddress, Optional<EnrollmentAnswer> device) {
  /// Without a device.
  public SetPasswordRequest(Secret password, String clientAddress) {
    this(password, clientAddress, Optional.empty());
  }
}
