package dev.sallyport.tsh.cluster;

import dev.sallyport.console.ProxyAddress;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.LoginResult;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.Ping;
import dev.sallyport.control.Way;
import dev.sallyport.control.WebLoginRequest;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.tsh.browser.BrowserSignIn;
import javax.net.ssl.X509ExtendedTrustManager;

/// The ways to a cluster: the Proxy's public door, and the control API as a user. Every method
/// blocks, and throws `ControlException` with a message for the user.
public interface Clusters {
  /// What the Proxy tells anybody.
  Ping ping(ProxyAddress proxy, X509ExtendedTrustManager trust);

  /// What everybody shall read before they sign in; empty = nothing.
  String messageOfTheDay(ProxyAddress proxy, X509ExtendedTrustManager trust);

  /// What the second factor of a sign-in has to answer.
  MfaChallenge beginLogin(ProxyAddress proxy, X509ExtendedTrustManager trust, String user);

  /// Has a browser sign in.
  BrowserSignIn.Desk console(ProxyAddress proxy, X509ExtendedTrustManager trust);

  /// Signs in.
  LoginResult login(ProxyAddress proxy, X509ExtendedTrustManager trust, WebLoginRequest request);

  /// The way to a Proxy for all that is not of the web; the same one at each call, and never closed
  /// while the command runs.
  default Way route(ProxyAddress proxy) {
    return Way.straight(new ControlEndpoint(proxy.host(), proxy.port()));
  }

  /// Opens the control API as the user of a login; the caller closes it.
  UserCluster open(ProxyAddress proxy, IdentityFile login);
}
