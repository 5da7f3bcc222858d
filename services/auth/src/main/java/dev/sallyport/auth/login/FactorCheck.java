package dev.sallyport.auth.login;

import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.mfa.FactorAnswer;
import dev.sallyport.auth.mfa.FactorVerdict;
import dev.sallyport.auth.mfa.SealedTokens;
import dev.sallyport.auth.mfa.SealedTokens.Purpose;
import dev.sallyport.auth.mfa.SecondFactors;
import dev.sallyport.auth.state.MfaDeviceRecord;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.MfaProof;
import dev.sallyport.model.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whether somebody who is signed in proves once more who they are. Guessing is braked as at a
/// sign-in.
public final class FactorCheck {
  /// What a wrong proof answers.
  public static final String REFUSED = "invalid second factor";

  /// Where such tries come from, for the brake: a login, wherever it is.
  private static final String SIGNED_IN = "signed-in";

  private final SignInCheck.Secrets secrets;
  private final SecondFactors factors;
  private final SealedTokens tokens;
  private final FailureBrake brake;
  private final AuditTrail audit;

  public FactorCheck(
      SignInCheck.Secrets secrets,
      SecondFactors factors,
      SealedTokens tokens,
      FailureBrake brake,
      AuditTrail audit) {
    this.secrets = secrets;
    this.factors = factors;
    this.tokens = tokens;
    this.brake = brake;
    this.audit = audit;
  }

  /// Checks and uses up a second factor.
  ///
  /// @return the id of the device that proved it
  /// @throws ControlException of kind ACCESS_DENIED if it is not right
  public String factor(String user, MfaProof proof) {
    try (var _ = begin(user)) {
      return proven(user, proof);
    }
  }

  /// Checks the password of a user who has no device.
  public void password(String user, MfaProof proof) {
    try (var _ = begin(user)) {
      requirePassword(user, proof.password().orElse(Secret.of("")));
      brake.succeeded(user, SIGNED_IN);
    }
  }

  /// Checks the password, and a second factor of a user who has one. The password alone makes no
  /// failure forgotten: else who knows it could guess codes for ever.
  public void both(String user, Secret password, MfaProof proof) {
    try (var _ = begin(user)) {
      requirePassword(user, password);
      if (secrets.devices().devices(user).isEmpty()) {
        brake.succeeded(user, SIGNED_IN);
      } else {
        var _ = proven(user, proof);
      }
    }
  }

  private void requirePassword(String user, Secret given) {
    if (!secrets.hasher().verify(secrets.passwords().password(user), given)) {
      throw refused(user, "wrong password");
    }
  }

  private String proven(String user, MfaProof proof) {
    if (proof.ticket().isPresent()) {
      return ticket(user, proof.ticket().get());
    }
    var answer = FactorAnswer.of(proof.totpCode(), proof.webauthn());
    return switch (factors.signedIn(user, answer)) {
      case FactorVerdict.Proven(var device, var writes)
          when device.isPresent() && secrets.devices().commit(writes) -> {
        brake.succeeded(user, SIGNED_IN);
        audit.factorProven(user, device.get());
        yield device.get().id();
      }
      case FactorVerdict.Proven _ -> throw refused(user, "used already");
      case FactorVerdict.Refused(String reason) -> throw refused(user, reason);
    };
  }

  private String ticket(String user, Secret ticket) {
    var token =
        tokens
            .open(Purpose.BROWSER_FACTOR, ticket.reveal())
            .filter(open -> open.subject().equals(user));
    if (token.isEmpty()) {
      throw refused(user, "the browser's confirmation has expired or is not this user's");
    }
    var once = secrets.devices().once(ticket.reveal(), token.get().expires());
    if (!secrets.devices().commit(List.of(once))) {
      throw refused(user, "the browser's confirmation was used already");
    }
    var device =
        device(user, Optional.of(token.get().content()))
            .orElseThrow(() -> refused(user, "the device is not registered any more"));
    audit.factorProven(user, device);
    return device.id();
  }

  private FailureBrake.Try begin(String user) {
    var begun = brake.begin(user, SIGNED_IN);
    if (begun.isEmpty()) {
      audit.loginFailed(user, SIGNED_IN, LoginService.BRAKED);
      throw new ControlException(ErrorKind.LIMIT_EXCEEDED, LoginService.BRAKED);
    }
    try {
      brake.slow(user);
    } catch (ControlException e) {
      begun.get().close();
      throw e;
    }
    return begun.get();
  }

  private ControlException refused(String user, String reason) {
    brake.failed(user, SIGNED_IN);
    audit.factorRefused(user, reason);
    return new ControlException(ErrorKind.ACCESS_DENIED, REFUSED);
  }

  /// Seals that a browser confirmed a device of a user, for one use.
  Secret confirm(String user, String device, Instant expires) {
    return Secret.of(
        tokens.seal(Purpose.BROWSER_FACTOR, new SealedTokens.Token(user, device, expires)));
  }

  /// A device of a user by its id.
  Optional<MfaDeviceRecord> device(String user, Optional<String> id) {
    return id.flatMap(wanted ->
        secrets.devices().devices(user).stream()
            .filter(held -> held.id().equals(wanted))
            .findFirst());
  }
}
