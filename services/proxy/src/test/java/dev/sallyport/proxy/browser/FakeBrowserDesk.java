package dev.sallyport.proxy.browser;

import dev.sallyport.control.BeginDeviceRequest;
import dev.sallyport.control.ChangePasswordRequest;
import dev.sallyport.control.ConsoleAnswer;
import dev.sallyport.control.ConsoleApproval;
import dev.sallyport.control.ConsoleInfo;
import dev.sallyport.control.ConsoleSignIn;
import dev.sallyport.control.ConsoleStart;
import dev.sallyport.control.ConsoleTicket;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.DatabaseAccess;
import dev.sallyport.control.EndWebSessionRequest;
import dev.sallyport.control.EnrollRequest;
import dev.sallyport.control.Enrollment;
import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.control.ErrorKind;
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
import dev.sallyport.model.Secret;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// An Auth Service for one user, `alice`, and two links, which remembers what it was asked.
public final class FakeBrowserDesk implements BrowserDesk {
  static final String PASSWORD = "correct horse battery";
  static final Duration CERTIFICATE_TTL = Duration.ofMinutes(5);
  private static final Instant LATER = Instant.parse("2099-01-01T00:00:00Z");

  final Map<String, String> sessions = new ConcurrentHashMap<>();
  final List<WebCertificateRequest> certified = new CopyOnWriteArrayList<>();
  final List<WebSignInRequest> signIns = new CopyOnWriteArrayList<>();
  final List<SetPasswordRequest> passwords = new CopyOnWriteArrayList<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  final List<TlsIdentity> identities = new CopyOnWriteArrayList<>();
  final Map<String, InviteInfo> links = new ConcurrentHashMap<>();
  volatile Optional<ControlException> personRefusal = Optional.empty();
  private final InstantSource clock;
  private final CertificateAuthority users;
  private final AtomicInteger made = new AtomicInteger();

  /// On the machine's clock.
  public FakeBrowserDesk() {
    this(InstantSource.system());
  }

  FakeBrowserDesk(InstantSource clock) {
    this.clock = clock;
    this.users = CertificateAuthority.create(CaKind.USER, "c.example", clock, new SecureRandom());
    links.put("first", new InviteInfo("alice", "invite", LATER, true, List.of("totp")));
    links.put("again", new InviteInfo("bob", "reset", LATER));
  }

  @Override
  public MfaChallenge beginLogin(LoginBeginRequest request) {
    asked.add("begin " + request.user() + " from " + request.clientAddress());
    return new MfaChallenge("c1", true, true, Optional.empty(), LATER);
  }

  @Override
  public WebSessionCreated webSignIn(WebSignInRequest request) {
    signIns.add(request);
    if (!request.password().reveal().equals(PASSWORD)) {
      throw new ControlException(ErrorKind.ACCESS_DENIED, "invalid username or password");
    }
    var secret = "s".repeat(40) + "%03d".formatted(made.incrementAndGet());
    sessions.put(secret, request.user());
    return new WebSessionCreated(
        Secret.of(secret), request.user(), clock.instant().plus(Duration.ofHours(12)));
  }

  @Override
  public WebCertificate webCertificate(WebCertificateRequest request) {
    certified.add(request);
    var user = sessions.get(request.session().reveal());
    if (user == null) {
      throw new ControlException(ErrorKind.ACCESS_DENIED, "not signed in");
    }
    var end = clock.instant().plus(CERTIFICATE_TTL);
    var identity =
        new UserIdentity(
            "c.example",
            user,
            List.of("access"),
            Map.of(),
            UserKind.HUMAN,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    try {
      var certificate = users.issueWebSession(identity, Pem.publicKey(request.publicKey()), end);
      return new WebCertificate(
          Pem.encode(certificate), user, List.of("access"), end, LATER, LATER);
    } catch (PemException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "no key", e);
    }
  }

  @Override
  public void endWebSession(EndWebSessionRequest request) {
    sessions.remove(request.session().reveal());
  }

  @Override
  public InviteInfo invite(String token) {
    return Optional.ofNullable(links.get(token))
        .orElseThrow(() -> new ControlException(ErrorKind.NOT_FOUND, "no such link"));
  }

  @Override
  public Enrollment enroll(String token, EnrollRequest request) {
    var totp = new Enrollment.Totp(Secret.of("otpauth://totp/x"), Secret.of("ABCDEFGH"));
    return new Enrollment("e1", LATER, Optional.of(totp), Optional.empty());
  }

  @Override
  public void setPassword(String token, SetPasswordRequest request) {
    passwords.add(request);
    links.remove(token);
  }

  @Override
  public ConsoleInfo consoleInfo(String id) {
    var client = new ConsoleStart.ConsoleClient("tsh 1.0.0", "laptop", "Linux", "");
    return new ConsoleInfo("login", Optional.of("alice"), client, "192.0.2.7", LATER, LATER);
  }

  @Override
  public ConsoleTicket consoleSignIn(String id, ConsoleSignIn request) {
    asked.add("console " + id + " from " + request.clientAddress());
    return new ConsoleTicket(Secret.of("ticket"), "alice", LATER);
  }

  @Override
  public ConsoleAnswer consoleApprove(String id, ConsoleApproval request) {
    asked.add("approve " + id + " with " + request.ticket().reveal());
    return new ConsoleAnswer(Secret.of("http://127.0.0.1:1/callback"));
  }

  @Override
  public ConsoleAnswer consoleReject(String id) {
    asked.add("reject " + id);
    return new ConsoleAnswer(Secret.of("http://127.0.0.1:1/callback?error=rejected"));
  }

  @Override
  public <T> T as(TlsIdentity browser, Function<PersonDesk, T> work) {
    identities.add(browser);
    personRefusal.ifPresent(refusal -> {
      throw refusal;
    });
    return work.apply(new FakePerson());
  }

  private final class FakePerson implements PersonDesk {
    @Override
    public List<DatabaseAccess> databases() {
      var database =
          ControlJson.MAPPER.readTree(
              "{\"metadata\":{\"name\":\"orders\",\"labels\":{\"env\":\"dev\"}}}");
      return List.of(new DatabaseAccess(database, List.of("Reader"), List.of(), false));
    }

    @Override
    public List<MfaDevice> devices() {
      return List.of(new MfaDevice("d1", "phone", "totp", LATER, Optional.empty()));
    }

    @Override
    public MfaChallenge challenge() {
      return new MfaChallenge("c2", true, true, Optional.empty(), LATER);
    }

    @Override
    public Enrollment begin(BeginDeviceRequest request) {
      return new Enrollment("e2", LATER, Optional.empty(), Optional.empty());
    }

    @Override
    public MfaDevice finish(EnrollmentAnswer answer) {
      return new MfaDevice("d2", answer.deviceName(), "totp", LATER, Optional.empty());
    }

    @Override
    public void changePassword(ChangePasswordRequest request) {
      asked.add("password");
    }

    @Override
    public void remove(String id, RemoveDeviceRequest request) {
      asked.add("remove " + id);
    }
  }
}
