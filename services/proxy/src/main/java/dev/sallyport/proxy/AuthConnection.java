package dev.sallyport.proxy;

import dev.sallyport.control.ConsoleCancel;
import dev.sallyport.control.ConsoleStartRequest;
import dev.sallyport.control.ConsoleStarted;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.JoinRequest;
import dev.sallyport.control.JoinResult;
import dev.sallyport.control.LoginBeginRequest;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.LoginResult;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.proxy.web.AuthDesk;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The Proxy's own connection to the Auth Service, with the certificate that it has at the time.
/// Safe from many threads.
final class AuthConnection implements AuthDesk, AutoCloseable {
  private final ControlEndpoint endpoint;
  private final Supplier<TlsIdentity> identity;
  private final IdentityVerifier verifier;
  private @Nullable TlsIdentity used;
  private @Nullable ControlClient client;
  private boolean closed;

  AuthConnection(
      ControlEndpoint endpoint, Supplier<TlsIdentity> identity, IdentityVerifier verifier) {
    this.endpoint = endpoint;
    this.identity = identity;
    this.verifier = verifier;
  }

  /// A client with the certificate of now. It stays this object's to close.
  synchronized ControlClient client() {
    if (closed) {
      throw new IllegalStateException("the Proxy is closing");
    }
    var now = identity.get();
    var current = client;
    if (current == null || !now.equals(used)) {
      if (current != null) {
        current.close();
      }
      current = new ControlClient(endpoint, now, verifier, verifier.clusterName());
      client = current;
      used = now;
    }
    return current;
  }

  @Override
  public LoginResult login(LoginRequest request) {
    return client().login(request);
  }

  @Override
  public MfaChallenge beginLogin(LoginBeginRequest request) {
    return client().beginLogin(request);
  }

  @Override
  public ConsoleStarted startConsole(ConsoleStartRequest request) {
    return client().console().start(request);
  }

  @Override
  public void cancelConsole(String id, ConsoleCancel request) {
    client().console().cancel(id, request);
  }

  @Override
  public JoinResult join(JoinRequest request) {
    return client().join(request);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (client != null) {
      client.close();
    }
  }
}
