package dev.sallyport.tsh.command;

import dev.sallyport.console.Console;
import dev.sallyport.console.ProxyAddress;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.LoginResult;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.WebLoginRequest;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.Pem;
import dev.sallyport.tsh.Tsh;
import dev.sallyport.tsh.browser.BrowserSignIn;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.X509ExtendedTrustManager;

/// One sign-in: password and code in the terminal, or everything in the browser where a key is what
/// the cluster or the user wants.
final class SignIn {
  private final Tsh tsh;
  private final ProxyAddress proxy;
  private final X509ExtendedTrustManager trust;

  SignIn(Tsh tsh, ProxyAddress proxy, X509ExtendedTrustManager trust) {
    this.tsh = tsh;
    this.proxy = proxy;
    this.trust = trust;
  }

  /// Who signs in, and for how long.
  ///
  /// @param named whether the user said who, and it was not merely guessed
  record Who(String user, boolean named, Optional<Duration> ttl) {}

  LoginResult withPassword(Who who, KeyPair pair) {
    var challenge = tsh.clusters().beginLogin(proxy, trust, who.user());
    if (challenge.webauthn().isPresent() && wantsKey(challenge)) {
      return inBrowser(Optional.of(who.user()), who.ttl(), pair);
    }
    Console console = tsh.console();
    var password =
        Secret.of(console.readSecret("Enter password for Teleport user " + who.user() + ":\n"));
    var code = Optional.<Secret>empty();
    if (challenge.totp()) {
      var typed = console.readSecret(prompt(challenge)).strip();
      if (typed.isEmpty() && challenge.required() && offersKey(challenge)) {
        return inBrowser(Optional.of(who.user()), who.ttl(), pair);
      }
      code = Optional.of(typed).filter(text -> !text.isEmpty()).map(Secret::of);
    }
    var request =
        new WebLoginRequest(who.user(), password, code, Pem.encode(pair.getPublic()), who.ttl());
    try {
      return tsh.clusters().login(proxy, trust, request);
    } catch (ControlException e) {
      if (e.kind() == ErrorKind.ACCESS_DENIED && !who.named()) {
        console
            .err()
            .println(
                "Hint: tried to sign in as \""
                    + who.user()
                    + "\", the user of this machine; name another one with --user.");
      }
      throw e;
    }
  }

  LoginResult inBrowser(Optional<String> user, Optional<Duration> ttl, KeyPair pair) {
    var wish =
        new BrowserSignIn.Wish(user, Optional.of(Pem.encode(pair.getPublic())), ttl, "tsh login");
    return new BrowserSignIn(tsh.console(), proxy, tsh.opensBrowser())
        .ask(wish, tsh.clusters().console(proxy, trust), LoginResult.class);
  }

  private boolean wantsKey(MfaChallenge challenge) {
    return switch (tsh.mfaMode()) {
      case AUTO -> challenge.required() && !challenge.totp();
      case OTP -> false;
      case KEY -> true;
    };
  }

  private boolean offersKey(MfaChallenge challenge) {
    return challenge.webauthn().isPresent() && tsh.mfaMode() == MfaMode.AUTO;
  }

  private String prompt(MfaChallenge challenge) {
    if (!challenge.required()) {
      return "Enter an OTP code from a device (nothing if you have none):\n";
    }
    return offersKey(challenge)
        ? "Enter an OTP code from a device, or nothing to use a key in the browser:\n"
        : "Enter an OTP code from a device:\n";
  }
}
