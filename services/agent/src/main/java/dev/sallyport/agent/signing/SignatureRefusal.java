package dev.sallyport.agent.signing;

import java.util.Optional;

/// Why AWS refused a request before it looked at what it asks for: something about the signature
/// that this program can mend. Such a request was not executed, whatever it is, since AWS checks
/// who asks before it does anything.
///
/// Told by the code of the error alone; texts are no contract. Not among them: `AccessDenied…`
/// (policies, which another signature does not change), `MissingAuthenticationToken…` and
/// `IncompleteSignature…` (a fault of this program), and all that another sending cannot mend.
public enum SignatureRefusal {
  /// Perhaps the time of the signature; it is if AWS's clock says so too. The first two also stand
  /// for a wrong secret or a body that was changed on the way, the others for time alone. AWS's
  /// SDKs correct their clocks on the same ones.
  CLOCK,

  /// The temporary credentials: they ended sooner than they were to (`ExpiredToken…`), or AWS does
  /// not know them, as after the role was deleted and made again.
  CREDENTIALS;

  /// What an error code of AWS says; nothing if it is about something else.
  public static Optional<SignatureRefusal> of(String code) {
    return switch (code) {
      case "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "RequestExpired",
          "RequestInTheFuture",
          "RequestTimeTooSkewed" ->
          Optional.of(CLOCK);
      case "ExpiredToken",
          "ExpiredTokenException",
          "InvalidClientTokenId",
          "UnrecognizedClientException" ->
          Optional.of(CREDENTIALS);
      default -> Optional.empty();
    };
  }
}
