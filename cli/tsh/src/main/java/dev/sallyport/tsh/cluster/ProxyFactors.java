package dev.sallyport.tsh.cluster;

import dev.sallyport.control.BeginDeviceRequest;
import dev.sallyport.control.ConsoleCancel;
import dev.sallyport.control.ConsoleStart;
import dev.sallyport.control.ConsoleStarted;
import dev.sallyport.control.Enrollment;
import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.MfaClient;
import dev.sallyport.control.MfaDevice;
import dev.sallyport.control.MfaProof;
import dev.sallyport.control.RemoveDeviceRequest;
import dev.sallyport.tsh.browser.BrowserSignIn;
import java.util.List;

/// Second factors behind a real Proxy.
record ProxyFactors(MfaClient client) implements UserFactors {
  @Override
  public List<MfaDevice> devices() {
    return client.devices();
  }

  @Override
  public MfaChallenge challenge() {
    return client.challenge();
  }

  @Override
  public Enrollment begin(String kind, MfaProof proof) {
    return client.begin(new BeginDeviceRequest(kind, proof));
  }

  @Override
  public MfaDevice finish(EnrollmentAnswer answer) {
    return client.finish(answer);
  }

  @Override
  public void remove(String id, MfaProof proof) {
    client.remove(id, new RemoveDeviceRequest(proof));
  }

  @Override
  public BrowserSignIn.Desk console() {
    return new BrowserSignIn.Desk() {
      @Override
      public ConsoleStarted start(ConsoleStart start) {
        return client.startConsole(start);
      }

      @Override
      public void cancel(String id, ConsoleCancel cancel) {
        // It expires by itself, within three minutes.
      }
    };
  }
}
