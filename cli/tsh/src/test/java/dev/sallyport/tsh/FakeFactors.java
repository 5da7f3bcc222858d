package dev.sallyport.tsh;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.Enrollment;
import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.MfaDevice;
import dev.sallyport.control.MfaProof;
import dev.sallyport.model.Secret;
import dev.sallyport.tsh.browser.BrowserSignIn;
import dev.sallyport.tsh.cluster.UserFactors;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Apps whose code is always the same.
final class FakeFactors implements UserFactors {
  static final String CODE = "123456";

  final List<MfaDevice> devices = new CopyOnWriteArrayList<>();
  private final InstantSource clock;

  FakeFactors(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public List<MfaDevice> devices() {
    return List.copyOf(devices);
  }

  @Override
  public MfaChallenge challenge() {
    return new MfaChallenge("c", true, !devices.isEmpty(), Optional.empty(), clock.instant());
  }

  @Override
  public Enrollment begin(String kind, MfaProof proof) {
    require(proof);
    return new Enrollment(
        "e",
        clock.instant(),
        Optional.of(new Enrollment.Totp(Secret.of("otpauth://totp/x"), Secret.of("ABCD"))),
        Optional.empty());
  }

  @Override
  public MfaDevice finish(EnrollmentAnswer answer) {
    if (!answer.totpCode().equals(Optional.of(Secret.of(CODE)))) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "the code is not right");
    }
    var device =
        new MfaDevice(
            "id-" + answer.deviceName(),
            answer.deviceName(),
            "totp",
            clock.instant(),
            Optional.empty());
    devices.add(device);
    return device;
  }

  @Override
  public void remove(String id, MfaProof proof) {
    require(proof);
    devices.removeIf(device -> device.id().equals(id));
  }

  @Override
  public BrowserSignIn.Desk console() {
    throw new IllegalStateException("no browser here");
  }

  private void require(MfaProof proof) {
    var right =
        devices.isEmpty()
            ? MfaProof.password(Secret.of("correct horse"))
            : MfaProof.totp(Secret.of(CODE));
    if (!proof.equals(right)) {
      throw new ControlException(ErrorKind.ACCESS_DENIED, "invalid second factor");
    }
  }
}
