package dev.sallyport.tsh.cluster;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.ProxyAddress;
import dev.sallyport.control.ConsoleCancel;
import dev.sallyport.control.ConsoleStart;
import dev.sallyport.control.ConsoleStarted;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.DatabaseAccess;
import dev.sallyport.control.DatabaseCert;
import dev.sallyport.control.DatabaseCertRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.LoginResult;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.Ping;
import dev.sallyport.control.Way;
import dev.sallyport.control.WebClient;
import dev.sallyport.control.WebLoginBegin;
import dev.sallyport.control.WebLoginRequest;
import dev.sallyport.control.route.ProxyRoute;
import dev.sallyport.control.route.UpgradeWish;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.tsh.browser.BrowserSignIn;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.X509ExtendedTrustManager;

/// Clusters behind real Proxies.
public final class ProxyClusters implements Clusters {
  private final InstantSource clock;
  private final Map<String, String> env;
  private final ConcurrentHashMap<ProxyAddress, ProxyRoute> routes = new ConcurrentHashMap<>();

  /// @param clock by which certificates are judged
  /// @param env the environment, for [UpgradeWish#VARIABLE]
  public ProxyClusters(InstantSource clock, Map<String, String> env) {
    this.clock = clock;
    this.env = Map.copyOf(env);
  }

  @Override
  public Way route(ProxyAddress proxy) {
    return routes.computeIfAbsent(
        proxy,
        address -> {
          try {
            return new ProxyRoute(
                new ControlEndpoint(address.host(), address.port()),
                UpgradeWish.of(env),
                System::nanoTime);
          } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
          }
        });
  }

  @Override
  public Ping ping(ProxyAddress proxy, X509ExtendedTrustManager trust) {
    try (var client = new WebClient(proxy.uri(), trust)) {
      return client.ping();
    }
  }

  @Override
  public String messageOfTheDay(ProxyAddress proxy, X509ExtendedTrustManager trust) {
    try (var client = new WebClient(proxy.uri(), trust)) {
      return client.motd().text();
    }
  }

  @Override
  public MfaChallenge beginLogin(ProxyAddress proxy, X509ExtendedTrustManager trust, String user) {
    try (var client = new WebClient(proxy.uri(), trust)) {
      return client.beginLogin(new WebLoginBegin(user, false));
    }
  }

  @Override
  public BrowserSignIn.Desk console(ProxyAddress proxy, X509ExtendedTrustManager trust) {
    return new BrowserSignIn.Desk() {
      @Override
      public ConsoleStarted start(ConsoleStart start) {
        try (var client = new WebClient(proxy.uri(), trust)) {
          return client.startConsole(start);
        }
      }

      @Override
      public void cancel(String id, ConsoleCancel cancel) {
        try (var client = new WebClient(proxy.uri(), trust)) {
          client.cancelConsole(id, cancel);
        }
      }
    };
  }

  @Override
  public LoginResult login(
      ProxyAddress proxy, X509ExtendedTrustManager trust, WebLoginRequest request) {
    try (var client = new WebClient(proxy.uri(), trust)) {
      return client.login(request);
    }
  }

  @Override
  public UserCluster open(ProxyAddress proxy, IdentityFile login) {
    var client =
        new ControlClient(
            route(proxy),
            login::identity,
            new IdentityVerifier(login::trust, clock),
            login.trust().clusterName());
    return new UserCluster() {
      @Override
      public List<DatabaseAccess> databases(Optional<String> query) {
        return query.isPresent() ? client.databases(query.get()) : client.databases();
      }

      @Override
      public DatabaseCert databaseCertificate(DatabaseCertRequest request) {
        return client.databaseCert(request);
      }

      @Override
      public TrustBundle trust() {
        try {
          return client.trust().toBundle();
        } catch (PemException e) {
          throw new ControlException(ErrorKind.INTERNAL, String.valueOf(e.getMessage()), e);
        }
      }

      @Override
      public void requireSignedIn() {
        try {
          // The smallest answer among those that a user must be in force for.
          var _ = client.mfa().devices();
        } catch (ControlException e) {
          throw ChangedKeys.of(e)
              .<ControlException>map(
                  reason -> new ControlException(ErrorKind.ACCESS_DENIED, reason, e))
              .orElse(e);
        }
      }

      @Override
      public void signOut() {
        client.signOut();
      }

      @Override
      public UserFactors factors() {
        return new ProxyFactors(client.mfa());
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }
}
