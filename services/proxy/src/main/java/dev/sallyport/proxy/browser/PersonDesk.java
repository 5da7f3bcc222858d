package dev.sallyport.proxy.browser;

import dev.sallyport.control.BeginDeviceRequest;
import dev.sallyport.control.ChangePasswordRequest;
import dev.sallyport.control.DatabaseAccess;
import dev.sallyport.control.Enrollment;
import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.MfaDevice;
import dev.sallyport.control.RemoveDeviceRequest;
import java.util.List;

/// The Auth Service as a signed-in browser's certificate sees it. Calls block; a refusal is a
/// [dev.sallyport.control.ControlException].
public interface PersonDesk {
  /// The databases that the user may see.
  List<DatabaseAccess> databases();

  /// The user's second factors.
  List<MfaDevice> devices();

  /// A challenge that they can answer.
  MfaChallenge challenge();

  /// Begins to register one.
  Enrollment begin(BeginDeviceRequest request);

  /// Registers it.
  MfaDevice finish(EnrollmentAnswer answer);

  /// Changes the user's password.
  void changePassword(ChangePasswordRequest request);

  /// Removes one.
  void remove(String id, RemoveDeviceRequest request);
}
