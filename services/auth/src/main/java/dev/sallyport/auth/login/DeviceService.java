package dev.sallyport.auth.login;

import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.mfa.Enrollments;
import dev.sallyport.auth.mfa.SealedTokens.Purpose;
import dev.sallyport.auth.mfa.SecondFactors;
import dev.sallyport.auth.state.MfaDeviceRecord;
import dev.sallyport.auth.state.MfaState;
import dev.sallyport.control.BeginDeviceRequest;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.Enrollment;
import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.MfaDevice;
import dev.sallyport.control.MfaDeviceList;
import dev.sallyport.control.MfaProof;
import dev.sallyport.store.CommitResult;
import java.util.List;

/// What users who are signed in do with their devices. A login alone changes nothing: a second
/// factor is asked for first, or the password of those who have none yet.
public final class DeviceService {
  private final MfaState state;
  private final SecondFactors factors;
  private final Enrollments enrollments;
  private final FactorCheck check;
  private final AuditTrail audit;

  public DeviceService(
      MfaState state,
      SecondFactors factors,
      Enrollments enrollments,
      FactorCheck check,
      AuditTrail audit) {
    this.state = state;
    this.factors = factors;
    this.enrollments = enrollments;
    this.check = check;
    this.audit = audit;
  }

  /// A user's devices.
  public MfaDeviceList list(String user) {
    return new MfaDeviceList(state.devices(user).stream().map(DeviceService::told).toList());
  }

  /// A challenge that they can answer.
  public MfaChallenge challenge(String user) {
    var challenge = factors.signedIn(user);
    audit.factorAsked(user);
    return challenge;
  }

  /// Begins to register another device.
  public Enrollment begin(String user, BeginDeviceRequest request) {
    prove(user, request.proof());
    return enrollments.begin(Purpose.USER_DEVICE, user, user, request.kind());
  }

  /// Registers it.
  public MfaDevice finish(String user, EnrollmentAnswer answer) {
    var registered = enrollments.finish(Purpose.USER_DEVICE, user, user, answer);
    var event = audit.deviceAdded(user, registered.device());
    if (audit.commit(registered.writes(), List.of(event)) instanceof CommitResult.Conflict) {
      throw new ControlException(
          ErrorKind.COMPARE_FAILED,
          "this device was registered already, or its key is somebody else's");
    }
    return told(registered.device());
  }

  /// Removes a device.
  public void remove(String user, String id, MfaProof proof) {
    var all = state.devices(user);
    var device =
        all.stream()
            .filter(held -> held.id().equals(id))
            .findFirst()
            .orElseThrow(
                () -> new ControlException(ErrorKind.NOT_FOUND, "there is no such device"));
    prove(user, proof);
    if (all.size() == 1 && factors.rules().required()) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "the last device can't be removed, since this cluster requires a second factor; add"
              + " another one first");
    }
    var event = audit.deviceRemoved(user, device);
    if (audit.commit(state.remove(user, device), List.of(event)) instanceof CommitResult.Conflict) {
      throw new ControlException(ErrorKind.NOT_FOUND, "there is no such device any more");
    }
  }

  private void prove(String user, MfaProof proof) {
    if (state.devices(user).isEmpty()) {
      check.password(user, proof);
    } else {
      check.factor(user, proof);
    }
  }

  static MfaDevice told(MfaDeviceRecord device) {
    return new MfaDevice(
        device.id(), device.name(), device.factor().kind(), device.added(), device.lastUsed());
  }
}
