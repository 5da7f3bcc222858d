package dev.sallyport.control;

import java.util.List;
import java.util.Map;

/// The calling user's second factors. Throws what [ControlClient] throws.
public final class MfaClient {
  private final JsonHttp http;

  MfaClient(JsonHttp http) {
    this.http = http;
  }

  /// What is registered, by name.
  public List<MfaDevice> devices() {
    return http.get(ControlRoutes.MFA_DEVICES, MfaDeviceList.class).devices();
  }

  /// A challenge that the user's devices can answer.
  public MfaChallenge challenge() {
    return http.call("POST", ControlRoutes.MFA_CHALLENGES, Map.of(), MfaChallenge.class);
  }

  /// Asks for a browser to confirm a second factor.
  public ConsoleStarted startConsole(ConsoleStart start) {
    return http.call("POST", ControlRoutes.MFA_CONSOLE, start, ConsoleStarted.class);
  }

  /// Begins to register a device.
  public Enrollment begin(BeginDeviceRequest request) {
    return http.call("POST", ControlRoutes.MFA_DEVICES, request, Enrollment.class);
  }

  /// Registers it.
  public MfaDevice finish(EnrollmentAnswer answer) {
    return http.call("POST", ControlRoutes.MFA_DEVICES_FINISH, answer, MfaDevice.class);
  }

  /// Changes the password.
  public void changePassword(ChangePasswordRequest request) {
    http.run("POST", ControlRoutes.PASSWORD, request);
  }

  /// Removes a device.
  public void remove(String id, RemoveDeviceRequest request) {
    http.run("POST", ControlRoutes.mfaDeviceRemove(id), request);
  }
}
