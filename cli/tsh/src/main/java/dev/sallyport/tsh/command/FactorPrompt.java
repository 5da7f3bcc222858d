package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.ProxyAddress;
import dev.sallyport.control.ConsoleFactor;
import dev.sallyport.control.MfaProof;
import dev.sallyport.model.Secret;
import dev.sallyport.tsh.Tsh;
import dev.sallyport.tsh.browser.BrowserSignIn;
import dev.sallyport.tsh.cluster.UserFactors;
import java.util.Optional;

/// Asks somebody who is signed in to prove once more who they are: by a code in the terminal, or by
/// a key in the browser.
final class FactorPrompt {
  private final Tsh tsh;
  private final ProxyAddress proxy;

  FactorPrompt(Tsh tsh, ProxyAddress proxy) {
    this.tsh = tsh;
    this.proxy = proxy;
  }

  /// @param user whose password is asked for when there is no device yet
  /// @param reason what it is for, as the browser shows it
  MfaProof ask(UserFactors factors, String user, String reason) {
    var console = tsh.console();
    var challenge = factors.challenge();
    var keys = challenge.webauthn().isPresent();
    if (!challenge.totp() && !keys) {
      return MfaProof.password(
          Secret.of(console.readSecret("Enter password for Teleport user " + user + ":\n")));
    }
    if (challenge.totp() && tsh.mfaMode() != MfaMode.KEY) {
      var code =
          console.readSecret(
              keys
                  ? "Enter an OTP code from a device, or nothing to use a key in the browser:\n"
                  : "Enter an OTP code from a device:\n");
      if (code.isBlank() && !keys) {
        throw new CommandFailure("no second factor was given");
      }
      if (!code.isBlank()) {
        return MfaProof.totp(Secret.of(code.strip()));
      }
    }
    var wish =
        new BrowserSignIn.Wish(Optional.of(user), Optional.empty(), Optional.empty(), reason);
    return MfaProof.ticket(
        new BrowserSignIn(console, proxy, tsh.opensBrowser())
            .ask(wish, factors.console(), ConsoleFactor.class)
            .ticket());
  }
}
