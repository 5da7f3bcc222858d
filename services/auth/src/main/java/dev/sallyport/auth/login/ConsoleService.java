package dev.sallyport.auth.login;

import dev.sallyport.auth.access.Origin;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.issue.CertificateIssuer;
import dev.sallyport.auth.mfa.FactorAnswer;
import dev.sallyport.auth.mfa.SealedTokens;
import dev.sallyport.auth.mfa.SealedTokens.Purpose;
import dev.sallyport.auth.state.ConsoleRequest;
import dev.sallyport.auth.state.ConsoleState;
import dev.sallyport.auth.state.Keys;
import dev.sallyport.auth.state.MfaDeviceRecord;
import dev.sallyport.auth.users.RandomToken;
import dev.sallyport.control.ConsoleAnswer;
import dev.sallyport.control.ConsoleApproval;
import dev.sallyport.control.ConsoleCancel;
import dev.sallyport.control.ConsoleFactor;
import dev.sallyport.control.ConsoleInfo;
import dev.sallyport.control.ConsoleSignIn;
import dev.sallyport.control.ConsoleStart;
import dev.sallyport.control.ConsoleStarted;
import dev.sallyport.control.ConsoleTicket;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.SealedAnswer;
import dev.sallyport.model.Secret;
import dev.sallyport.model.User;
import dev.sallyport.pki.KeyPairs;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Sign-in of a tool through a browser. The answer is sealed to the tool that asked and goes to a
/// port of the machine that the browser runs on, so it is of no use to anybody who made somebody
/// else approve. One answer for a request, within three minutes; a rejection is one.
public final class ConsoleService {
  /// How long a request is open.
  public static final Duration LIFE = Duration.ofMinutes(3);

  /// How long the tool may take to use a confirmed second factor.
  public static final Duration FACTOR_LIFE = Duration.ofMinutes(2);

  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final int PORT_MIN = 1024;
  private static final int PORT_MAX = 65_535;
  private static final int TEXT_LENGTH_MAX = 128;
  private static final String PAGE = "/web/login?console=";

  private final ConsoleState state;
  private final SignInCheck check;
  private final FactorCheck factors;
  private final Issue issue;
  private final AuditTrail audit;

  /// What is needed to answer.
  ///
  /// @param users looks up somebody who signed in a moment ago
  public record Issue(
      CertificateIssuer issuer,
      java.util.function.Function<String, Optional<User>> users,
      SealedTokens tokens,
      SecureRandom random,
      InstantSource clock) {}

  public ConsoleService(
      ConsoleState state, SignInCheck check, FactorCheck factors, Issue issue, AuditTrail audit) {
    this.state = state;
    this.check = check;
    this.factors = factors;
    this.issue = issue;
    this.audit = audit;
  }

  /// A tool wants a login.
  public ConsoleStarted startLogin(ConsoleStart start, String address) {
    var key =
        start
            .publicKey()
            .orElseThrow(
                () -> new ControlException(ErrorKind.BAD_PARAMETER, "public_key is missing"));
    issue.issuer().requireKey(key);
    return start(ConsoleRequest.LOGIN, start.user(), Optional.of(key), start, address);
  }

  /// A tool wants a second factor of a user who is signed in.
  public ConsoleStarted startFactor(String user, ConsoleStart start, String address) {
    return start(ConsoleRequest.MFA, Optional.of(user), Optional.empty(), start, address);
  }

  private ConsoleStarted start(
      String kind,
      Optional<String> user,
      Optional<String> publicKey,
      ConsoleStart start,
      String address) {
    if (start.port() < PORT_MIN || start.port() > PORT_MAX) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "port: %d (expected: %d to %d)".formatted(start.port(), PORT_MIN, PORT_MAX));
    }
    issue.issuer().requireKey(start.sealingKey());
    var client = start.client();
    var texts = List.of(client.program(), client.host(), client.os(), client.reason());
    if (texts.stream().anyMatch(ConsoleService::unfit)) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "client: a text is longer than %d or has control characters".formatted(TEXT_LENGTH_MAX));
    }
    var id = RandomToken.make(issue.random());
    var secret = RandomToken.make(issue.random());
    var now = issue.clock().instant();
    var request =
        new ConsoleRequest(
            kind,
            user,
            publicKey,
            start.ttl(),
            start.port(),
            start.sealingKey(),
            HexFormat.of().formatHex(SealedAnswer.salt(secret)),
            new ConsoleRequest.Client(
                client.program(), client.host(), client.os(), client.reason()),
            address,
            now,
            now.plus(LIFE));
    if (!state.open(id, request)) {
      throw new ControlException(
          ErrorKind.LIMIT_EXCEEDED,
          "too many sign-ins wait for a browser, please try again in a moment");
    }
    return new ConsoleStarted(id.reveal(), secret, PAGE + id.reveal(), request.expires());
  }

  /// What the page must show.
  public ConsoleInfo info(String id) {
    var request = find(id);
    var client = request.client();
    return new ConsoleInfo(
        request.kind(),
        request.user(),
        new ConsoleStart.ConsoleClient(
            client.program(), client.host(), client.os(), client.reason()),
        request.address(),
        request.requested(),
        request.expires());
  }

  /// The person at the browser proves who they are.
  public ConsoleTicket signIn(String id, ConsoleSignIn request) {
    var open = find(id);
    var attempt =
        new Attempt(
            request.user(),
            request.password(),
            FactorAnswer.of(request.totpCode(), request.webauthn()),
            request.clientAddress());
    var proven =
        open.kind().equals(ConsoleRequest.MFA)
            ? check.proveFactor(open.user().orElseThrow(), attempt)
            : check.prove(attempt);
    var name = proven.user().name();
    if (open.user().filter(expected -> !expected.equals(name)).isPresent()) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED,
          "this sign-in is for user \"%s\", not for \"%s\""
              .formatted(open.user().orElseThrow(), name));
    }
    var device = proven.device().map(MfaDeviceRecord::id).orElse("");
    var token = new SealedTokens.Token(name, Keys.hash(id) + device, open.expires());
    return new ConsoleTicket(
        Secret.of(issue.tokens().seal(Purpose.CONSOLE, token)), name, open.expires());
  }

  /// They approve.
  public ConsoleAnswer approve(String id, ConsoleApproval approval) {
    var request = find(id);
    var token =
        issue
            .tokens()
            .open(Purpose.CONSOLE, approval.ticket().reveal())
            .filter(open -> open.content().startsWith(Keys.hash(id)))
            .orElseThrow(ConsoleService::notOpen);
    var device = token.content().substring(Keys.hash(id).length());
    var user =
        issue
            .users()
            .apply(token.subject())
            .filter(found -> !found.status().locked())
            .orElseThrow(ConsoleService::notOpen);
    if (!state.close(Secret.of(id))) {
      throw notOpen();
    }
    return Origin.agent(
        Optional.of(request.client().program()), () -> approved(request, user, device));
  }

  private ConsoleAnswer approved(ConsoleRequest request, User user, String device) {
    var known = Optional.of(device).filter(text -> !text.isEmpty());
    return answer(request, "response=" + seal(request, content(request, user, known)).reveal());
  }

  /// They reject, for good.
  public ConsoleAnswer reject(String id) {
    var request = find(id);
    if (!state.close(Secret.of(id))) {
      throw notOpen();
    }
    audit.loginFailed(request.user().orElse(""), request.address(), "rejected in the browser");
    return answer(request, "error=rejected");
  }

  /// The tool does not wait any more.
  public void cancel(String id, ConsoleCancel cancel) {
    var salt = HexFormat.of().formatHex(SealedAnswer.salt(cancel.secret()));
    if (!Secret.of(find(id).salt()).equals(Secret.of(salt)) || !state.close(Secret.of(id))) {
      throw notOpen();
    }
  }

  private Object content(ConsoleRequest request, User user, Optional<String> device) {
    if (request.kind().equals(ConsoleRequest.MFA)) {
      var expires = issue.clock().instant().plus(FACTOR_LIFE);
      return new ConsoleFactor(
          factors.confirm(user.name(), device.orElseThrow(ConsoleService::notOpen), expires));
    }
    var wish =
        new CertificateIssuer.LoginWish(
            request.publicKey().orElseThrow(), request.ttl(), request.address());
    var result = issue.issuer().login(user, wish, device);
    audit.loginSucceeded(user, request.address(), factors.device(user.name(), device));
    return result;
  }

  private Secret seal(ConsoleRequest request, Object content) {
    return SealedAnswer.seal(
        ControlJson.bytes(content),
        issue.issuer().requireKey(request.sealingKey()),
        KeyPairs.generate(),
        HexFormat.of().parseHex(request.salt()));
  }

  private static ConsoleAnswer answer(ConsoleRequest request, String query) {
    return new ConsoleAnswer(
        Secret.of("http://127.0.0.1:%d/callback?%s".formatted(request.port(), query)));
  }

  private ConsoleRequest find(String id) {
    if (!ID.matcher(id).matches()) {
      throw notOpen();
    }
    return state.find(Secret.of(id)).orElseThrow(ConsoleService::notOpen);
  }

  private static boolean unfit(String text) {
    return text.length() > TEXT_LENGTH_MAX || text.chars().anyMatch(Character::isISOControl);
  }

  private static ControlException notOpen() {
    return new ControlException(
        ErrorKind.NOT_FOUND,
        "this request was answered already, has expired or was never made; begin anew with tsh"
            + " login");
  }
}
