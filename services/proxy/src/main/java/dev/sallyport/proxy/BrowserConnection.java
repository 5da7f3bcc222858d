package dev.sallyport.proxy;

import dev.sallyport.control.BeginDeviceRequest;
import dev.sallyport.control.ChangePasswordRequest;
import dev.sallyport.control.ConsoleAnswer;
import dev.sallyport.control.ConsoleApproval;
import dev.sallyport.control.ConsoleInfo;
import dev.sallyport.control.ConsoleSignIn;
import dev.sallyport.control.ConsoleTicket;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.DatabaseAccess;
import dev.sallyport.control.EndWebSessionRequest;
import dev.sallyport.control.EnrollRequest;
import dev.sallyport.control.Enrollment;
import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.control.InviteInfo;
import dev.sallyport.control.LoginBeginRequest;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.MfaDevice;
import dev.sallyport.control.RemoveDeviceRequest;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.control.WebCertificate;
import dev.sallyport.control.WebCertificateRequest;
import dev.sallyport.control.WebSessionCreated;
import dev.sallyport.control.WebSignInRequest;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.proxy.browser.BrowserDesk;
import dev.sallyport.proxy.browser.PersonDesk;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// The web app's way to the Auth Service: with the Proxy's own certificate for strangers, and with
/// a browser's own, on a connection of its own that ends with the call, for who is signed in. Safe
/// from many threads.
final class BrowserConnection implements BrowserDesk {
  private final ControlEndpoint endpoint;
  private final Supplier<ControlClient> proxy;
  private final IdentityVerifier verifier;

  BrowserConnection(
      ControlEndpoint endpoint, Supplier<ControlClient> proxy, IdentityVerifier verifier) {
    this.endpoint = endpoint;
    this.proxy = proxy;
    this.verifier = verifier;
  }

  @Override
  public MfaChallenge beginLogin(LoginBeginRequest request) {
    return proxy.get().beginLogin(request);
  }

  @Override
  public WebSessionCreated webSignIn(WebSignInRequest request) {
    return proxy.get().webSignIn(request);
  }

  @Override
  public WebCertificate webCertificate(WebCertificateRequest request) {
    return proxy.get().webCertificate(request);
  }

  @Override
  public void endWebSession(EndWebSessionRequest request) {
    proxy.get().endWebSession(request);
  }

  @Override
  public InviteInfo invite(String token) {
    return proxy.get().invite(token);
  }

  @Override
  public Enrollment enroll(String token, EnrollRequest request) {
    return proxy.get().enroll(token, request);
  }

  @Override
  public void setPassword(String token, SetPasswordRequest request) {
    proxy.get().setPassword(token, request);
  }

  @Override
  public ConsoleInfo consoleInfo(String id) {
    return proxy.get().console().info(id);
  }

  @Override
  public ConsoleTicket consoleSignIn(String id, ConsoleSignIn request) {
    return proxy.get().console().signIn(id, request);
  }

  @Override
  public ConsoleAnswer consoleApprove(String id, ConsoleApproval request) {
    return proxy.get().console().approve(id, request);
  }

  @Override
  public ConsoleAnswer consoleReject(String id) {
    return proxy.get().console().reject(id);
  }

  @Override
  public <T> T as(TlsIdentity browser, Function<PersonDesk, T> work) {
    try (var client = new ControlClient(endpoint, browser, verifier, verifier.clusterName())) {
      return work.apply(new Person(client));
    }
  }

  private record Person(ControlClient client) implements PersonDesk {
    @Override
    public List<DatabaseAccess> databases() {
      return client.databases();
    }

    @Override
    public List<MfaDevice> devices() {
      return client.mfa().devices();
    }

    @Override
    public MfaChallenge challenge() {
      return client.mfa().challenge();
    }

    @Override
    public Enrollment begin(BeginDeviceRequest request) {
      return client.mfa().begin(request);
    }

    @Override
    public MfaDevice finish(EnrollmentAnswer answer) {
      return client.mfa().finish(answer);
    }

    @Override
    public void changePassword(ChangePasswordRequest request) {
      client.mfa().changePassword(request);
    }

    @Override
    public void remove(String id, RemoveDeviceRequest request) {
      client.mfa().remove(id, request);
    }
  }
}
