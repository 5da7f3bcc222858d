package dev.sallyport.proxy;

import dev.sallyport.control.ConsoleCancel;
import dev.sallyport.control.ConsoleStartRequest;
import dev.sallyport.control.ConsoleStarted;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.JoinChallenge;
import dev.sallyport.control.JoinChallengeRequest;
import dev.sallyport.control.JoinRequest;
import dev.sallyport.control.JoinResult;
import dev.sallyport.control.LoginBeginRequest;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.LoginResult;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.TokenLabels;
import dev.sallyport.control.TokenQuestion;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.proxy.web.AuthDesk;
import java.util.function.Supplier;

/// The Proxy's own connection to the Auth Service, with the certificate that it has at the time.
/// Safe from many threads.
final class AuthConnection implements AuthDesk, AutoCloseable {
  private final ControlClient client;

  /// @param identity asked for at each call
  AuthConnection(
      ControlEndpoint endpoint, Supplier<TlsIdentity> identity, IdentityVerifier verifier) {
    this.client = new ControlClient(endpoint, identity, verifier, verifier.clusterName());
  }

  /// The client. It stays this object's to close.
  ControlClient client() {
    return client;
  }

  @Override
  public LoginResult login(LoginRequest request) {
    return client.login(request);
  }

  @Override
  public MfaChallenge beginLogin(LoginBeginRequest request) {
    return client.beginLogin(request);
  }

  @Override
  public ConsoleStarted startConsole(ConsoleStartRequest request) {
    return client.console().start(request);
  }

  @Override
  public void cancelConsole(String id, ConsoleCancel request) {
    client.console().cancel(id, request);
  }

  @Override
  public JoinChallenge joinChallenge(JoinChallengeRequest request) {
    return client.joinChallenge(request);
  }

  @Override
  public JoinResult join(JoinRequest request) {
    return client.join(request);
  }

  @Override
  public TokenLabels tokenLabels(TokenQuestion question) {
    return client.tokenLabels(question);
  }

  @Override
  public void close() {
    client.close();
  }
}
