package dev.sallyport.tsh;

import dev.sallyport.console.ProxyAddress;
import dev.sallyport.control.ConsoleStart;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.DatabaseAccess;
import dev.sallyport.control.DatabaseCert;
import dev.sallyport.control.DatabaseCertRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.LoginResult;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.Ping;
import dev.sallyport.control.PingAuth;
import dev.sallyport.control.PingProxy;
import dev.sallyport.control.Trust;
import dev.sallyport.control.WebLoginRequest;
import dev.sallyport.model.Route;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SignIn;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.authority.CertificateAuthority;
import dev.sallyport.tsh.browser.BrowserSignIn;
import dev.sallyport.tsh.cluster.Clusters;
import dev.sallyport.tsh.cluster.UserCluster;
import dev.sallyport.tsh.cluster.UserFactors;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.X509ExtendedTrustManager;
import tools.jackson.databind.JsonNode;

/// A cluster in memory: one user with a password, real certificates.
public final class FakeClusters implements Clusters {
  /// Every database certificate that was asked for.
  public final List<DatabaseCertRequest> issued = new CopyOnWriteArrayList<>();

  /// What such a request is answered with instead of a certificate.
  public volatile Optional<ControlException> refusal = Optional.empty();

  final AtomicInteger signedOut = new AtomicInteger();
  volatile Optional<ControlException> signOutRefusal = Optional.empty();

  /// The sign-in that certificates tell, if any.
  public volatile Optional<SignIn> signIn = Optional.empty();

  /// Why sign-ins that were made do not count any more, or nobody can tell.
  volatile Optional<ControlException> signInRefusal = Optional.empty();

  /// The code that a sign-in needs beside the password, if any.
  volatile Optional<String> code = Optional.empty();

  /// How long a second factor of a database session counts, where one is needed.
  public volatile Optional<Duration> sessionMfa = Optional.empty();

  /// What was asked for by whom signed in, and by whom wants to.
  final List<Object> requests = new CopyOnWriteArrayList<>();

  /// Whether certificates are for a key that nobody sent.
  volatile boolean swapsKeys;

  /// The version of the Proxy.
  volatile String version = "1.0.0";

  /// The message of the day.
  public volatile String message = "";

  /// Whether the next host authority is trusted too.
  public volatile boolean rotated;

  /// Whether people get certificates by the next user authority.
  public volatile boolean usersRotated;

  /// Whether nothing but a key is taken.
  volatile boolean keyOnly;

  final FakeBrowsers browsers = new FakeBrowsers();
  final FakeFactors factors;
  final List<DatabaseAccess> databases = new ArrayList<>();
  private final InstantSource clock;
  private final CertificateAuthority users;
  private final CertificateAuthority nextUsers;
  private final CertificateAuthority hosts;
  private final CertificateAuthority nextHosts;

  /// A cluster by that clock.
  public FakeClusters(InstantSource clock) {
    this.clock = clock;
    this.factors = new FakeFactors(clock);
    var random = new SecureRandom();
    users = CertificateAuthority.create(CaKind.USER, "example.com", clock, random);
    nextUsers = CertificateAuthority.create(CaKind.USER, "example.com", clock, random);
    hosts = CertificateAuthority.create(CaKind.HOST, "example.com", clock, random);
    nextHosts = CertificateAuthority.create(CaKind.HOST, "example.com", clock, random);
    databases.add(database("example-dynamodb", List.of("ExampleTeleportDynamoDBRole"), false));
  }

  static DatabaseAccess database(String name, List<String> allowed, boolean wildcard) {
    var json =
        ControlJson.MAPPER.readTree(
            """
            {"kind": "db", "version": "v3",
             "metadata": {"name": "%s", "description": "orders", "labels": {"env": "dev"}},
             "spec": {"protocol": "dynamodb", "uri": "dynamodb.us-east-1.amazonaws.com:443",
                      "aws": {"region": "us-east-1", "account_id": "123456789012"}}}
            """
                .formatted(name));
    return new DatabaseAccess(json, allowed, List.of("root"), wildcard);
  }

  @Override
  public Ping ping(ProxyAddress proxy, X509ExtendedTrustManager trust) {
    var address = proxy.authority();
    return new Ping(
        new PingAuth("local", Optional.of("off"), !message.isEmpty(), Optional.empty()),
        new PingProxy(new PingProxy.PingSsh(address, address, address, address), true),
        version,
        "0.0.0-aa",
        "example.com",
        false,
        "community",
        false);
  }

  @Override
  public String messageOfTheDay(ProxyAddress proxy, X509ExtendedTrustManager trust) {
    return message;
  }

  @Override
  public MfaChallenge beginLogin(ProxyAddress proxy, X509ExtendedTrustManager trust, String user) {
    var keys =
        keyOnly
            ? Optional.<JsonNode>of(ControlJson.MAPPER.createObjectNode())
            : Optional.<JsonNode>empty();
    return new MfaChallenge(
        "c", code.isPresent() || keyOnly, code.isPresent(), keys, clock.instant());
  }

  @Override
  public BrowserSignIn.Desk console(ProxyAddress proxy, X509ExtendedTrustManager trust) {
    return browsers;
  }

  @Override
  public LoginResult login(
      ProxyAddress proxy, X509ExtendedTrustManager trust, WebLoginRequest request) {
    requests.add(request);
    if (!request.user().equals("alice") || !request.password().reveal().equals("correct horse")) {
      throw new ControlException(ErrorKind.ACCESS_DENIED, "invalid username or password");
    }
    if (!code.equals(request.totpCode().map(Secret::reveal))) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED, "invalid username, password or second factor");
    }
    var end = clock.instant().plus(request.ttl().orElse(Duration.ofHours(12)));
    return new LoginResult(
        certificate(request.tlsPubKey(), end, Optional.empty()), trust(), "alice", end);
  }

  @Override
  public UserCluster open(ProxyAddress proxy, IdentityFile login) {
    var loginEnd = login.identity().leaf().getNotAfter().toInstant();
    return new UserCluster() {
      @Override
      public List<DatabaseAccess> databases(Optional<String> query) {
        // The language of queries is the Auth Service's: here one just tells names.
        return databases.stream()
            .filter(access ->
                query.isEmpty()
                    || query.get().contains(access.database().at("/metadata/name").stringValue()))
            .toList();
      }

      @Override
      public DatabaseCert databaseCertificate(DatabaseCertRequest request) {
        return issue(request, loginEnd);
      }

      @Override
      public TrustBundle trust() {
        try {
          return FakeClusters.this.trust().toBundle();
        } catch (PemException e) {
          throw new ControlException(ErrorKind.INTERNAL, "trust", e);
        }
      }

      @Override
      public void requireSignedIn() {
        signInRefusal.ifPresent(refused -> {
          throw refused;
        });
      }

      @Override
      public void signOut() {
        signOutRefusal.ifPresent(refused -> {
          throw refused;
        });
        signedOut.incrementAndGet();
      }

      @Override
      public UserFactors factors() {
        return factors;
      }

      @Override
      public void close() {}
    };
  }

  private DatabaseCert issue(DatabaseCertRequest request, Instant loginEnd) {
    issued.add(request);
    requests.add(request);
    refusal.ifPresent(refused -> {
      throw refused;
    });
    var same = request.renews().filter(old -> keyOf(old).equals(request.publicKey())).isPresent();
    if (sessionMfa.isPresent() && request.mfa().isEmpty() && !same) {
      throw new ControlException(ErrorKind.MFA_REQUIRED, "access to resource requires MFA");
    }
    var device = sessionMfa.map(_ -> "phone-1");
    var route =
        new Route(request.database(), "dynamodb", request.dbUser(), Optional.empty(), "S1", device);
    var end = clock.instant().plus(sessionMfa.orElse(Duration.ofHours(1)));
    end = end.isBefore(loginEnd) ? end : loginEnd;
    return new DatabaseCert(
        certificate(request.publicKey(), end, Optional.of(route)),
        "S1",
        end,
        List.of("a7a0ab6c-0d0a-4a83-a0a5-0f6f7ab0a2c1"),
        trust());
  }

  /// What a browser brings to the tool after an approval.
  LoginResult approved(ConsoleStart start) {
    var end = clock.instant().plus(Duration.ofHours(12));
    return new LoginResult(
        certificate(start.publicKey().orElseThrow(), end, Optional.empty()), trust(), "alice", end);
  }

  /// What a login of this cluster leaves.
  public IdentityFile signedIn(Duration life) throws PemException {
    var keys = KeyPairs.generate();
    var end = clock.instant().plus(life);
    var leaf = certificate(Pem.encode(keys.getPublic()), end, Optional.empty());
    return new IdentityFile(
        new TlsIdentity(keys.getPrivate(), List.of(Pem.certificate(leaf))), trust().toBundle());
  }

  private static String keyOf(String certificate) {
    try {
      return Pem.encode(Pem.certificate(certificate).getPublicKey());
    } catch (PemException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "renews", e);
    }
  }

  private Trust trust() {
    return Trust.ofHosts(
        TrustBundle.ofHosts(
            "example.com",
            rotated
                ? List.of(hosts.certificate(), nextHosts.certificate())
                : List.of(hosts.certificate())));
  }

  private String certificate(String publicKey, Instant end, Optional<Route> route) {
    try {
      var user =
          new UserIdentity(
              "example.com",
              "alice",
              List.of("access", "aws-dynamodb-access"),
              Map.of("db_users", List.of("*"), "logins", List.of("root")),
              UserKind.HUMAN,
              Optional.empty(),
              Optional.empty(),
              route,
              signIn);
      var key = swapsKeys ? KeyPairs.generate().getPublic() : Pem.publicKey(publicKey);
      return Pem.encode((usersRotated ? nextUsers : users).issueUser(user, key, end));
    } catch (PemException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "public key", e);
    }
  }
}
