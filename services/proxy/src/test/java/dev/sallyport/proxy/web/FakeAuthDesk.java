package dev.sallyport.proxy.web;

import dev.sallyport.control.ConsoleCancel;
import dev.sallyport.control.ConsoleStartRequest;
import dev.sallyport.control.ConsoleStarted;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
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
import dev.sallyport.control.Trust;
import dev.sallyport.model.JoinMethod;
import dev.sallyport.model.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// An Auth Service for one user, which remembers what it was asked.
public final class FakeAuthDesk implements AuthDesk {
  public static final String PASSWORD = "correct horse battery";
  public static final Trust TRUST = new Trust("example.com", List.of(), List.of("PEM"));
  private static final Instant END = Instant.parse("2026-11-22T18:00:00Z");

  public final List<LoginRequest> logins = new CopyOnWriteArrayList<>();
  public final List<JoinRequest> joins = new CopyOnWriteArrayList<>();
  public final List<ConsoleStartRequest> consoles = new CopyOnWriteArrayList<>();
  public volatile boolean down;

  /// What each good token says of the databases that its host is to serve.
  public volatile JoinMethod method = JoinMethod.TOKEN;

  public volatile Map<String, List<String>> labels = Map.of("env", List.of("dev"));

  private void up() {
    if (down) {
      throw new ControlException(ErrorKind.UNAVAILABLE, "the Auth Service can't be reached");
    }
  }

  @Override
  public LoginResult login(LoginRequest request) {
    up();
    logins.add(request);
    if (!request.password().reveal().equals(PASSWORD)) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED, "invalid username, password or second factor");
    }
    return new LoginResult("CERT", TRUST, request.user(), END);
  }

  @Override
  public MfaChallenge beginLogin(LoginBeginRequest request) {
    up();
    return new MfaChallenge("challenge", false, true, Optional.empty(), END);
  }

  @Override
  public ConsoleStarted startConsole(ConsoleStartRequest request) {
    up();
    consoles.add(request);
    return new ConsoleStarted("id", Secret.of("secret"), "/web/login?console=id", END);
  }

  @Override
  public void cancelConsole(String id, ConsoleCancel request) {
    up();
    if (!id.equals("id") || !request.secret().equals(Secret.of("secret"))) {
      throw new ControlException(ErrorKind.NOT_FOUND, "no such request");
    }
  }

  @Override
  public JoinChallenge joinChallenge(JoinChallengeRequest request) {
    up();
    return new JoinChallenge("challenge", "sts.us-east-1.amazonaws.com", request.region(), END);
  }

  @Override
  public JoinResult join(JoinRequest request) {
    up();
    joins.add(request);
    return new JoinResult("host-1", "CERT", TRUST);
  }

  @Override
  public TokenLabels tokenLabels(TokenQuestion question) {
    up();
    if (!question.token().reveal().startsWith("good")) {
      throw new ControlException(ErrorKind.ACCESS_DENIED, "the token's not valid");
    }
    return new TokenLabels(
        method, question.token().reveal().equals("good-for-nothing") ? Map.of() : labels);
  }
}
