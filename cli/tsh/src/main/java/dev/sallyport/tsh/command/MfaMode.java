package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import java.util.Optional;

/// By which second factor the user wishes to sign in.
public enum MfaMode {
  /// By whatever the cluster asks for.
  AUTO,
  /// By a code from an app, in the terminal.
  OTP,
  /// By a key, in the browser.
  KEY;

  /// Reads the flag.
  public static MfaMode parse(Optional<String> text) {
    return switch (text.orElse("auto")) {
      case "auto" -> AUTO;
      case "otp" -> OTP;
      case "cross-platform", "platform", "webauthn" -> KEY;
      default ->
          throw new CommandFailure(
              "invalid --mfa-mode \""
                  + text.orElse("")
                  + "\", choose from: auto, cross-platform, platform, otp");
    };
  }
}
