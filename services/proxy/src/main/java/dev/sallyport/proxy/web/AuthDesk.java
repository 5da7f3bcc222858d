package dev.sallyport.proxy.web;

import dev.sallyport.control.ConsoleCancel;
import dev.sallyport.control.ConsoleStartRequest;
import dev.sallyport.control.ConsoleStarted;
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

/// What the web door asks of the Auth Service for somebody who has no certificate yet. Calls block,
/// on virtual threads; a refusal is a [dev.sallyport.control.ControlException].
public interface AuthDesk {
  /// Signs a user in.
  LoginResult login(LoginRequest request);

  /// What the second factor of a sign-in has to answer.
  MfaChallenge beginLogin(LoginBeginRequest request);

  /// A tool asks for a browser to sign in with.
  ConsoleStarted startConsole(ConsoleStartRequest request);

  /// It does not wait any more.
  void cancelConsole(String id, ConsoleCancel request);

  /// What a host has to sign to join.
  JoinChallenge joinChallenge(JoinChallengeRequest request);

  /// Makes a host part of the cluster.
  JoinResult join(JoinRequest request);

  /// Which databases a host is to choose that is set up with a join token.
  TokenLabels tokenLabels(TokenQuestion question);
}
