package dev.sallyport.tsh.cluster;

import dev.sallyport.control.Enrollment;
import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.MfaDevice;
import dev.sallyport.control.MfaProof;
import dev.sallyport.tsh.browser.BrowserSignIn;
import java.util.List;

/// A user's second factors.
public interface UserFactors {
  /// What is registered, by name.
  List<MfaDevice> devices();

  /// What can prove one now.
  MfaChallenge challenge();

  /// Begins to register a device.
  Enrollment begin(String kind, MfaProof proof);

  /// Registers it.
  MfaDevice finish(EnrollmentAnswer answer);

  /// Removes a device.
  void remove(String id, MfaProof proof);

  /// Has a browser confirm one.
  BrowserSignIn.Desk console();
}
