package dev.sallyport.auth.mfa;

import dev.sallyport.auth.mfa.SealedTokens.Purpose;
import dev.sallyport.auth.mfa.SealedTokens.Token;
import dev.sallyport.auth.state.MfaDeviceRecord;
import dev.sallyport.auth.state.MfaState;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.WebauthnAnswer;
import dev.sallyport.model.Secret;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Asks for second factors and checks them. A challenge is good for one use, five minutes, one
/// user, one purpose.
public final class SecondFactors {
  /// How long a challenge can be answered.
  public static final Duration CHALLENGE_LIFE = Duration.ofMinutes(5);

  private static final int CHALLENGE_BYTES = 32;

  private final MfaState state;
  private final SealedTokens tokens;
  private final Supplier<SignInRules> rules;
  private final SecureRandom random;
  private final InstantSource clock;
  private final Passkeys passkeys = new Passkeys();

  public SecondFactors(
      MfaState state,
      SealedTokens tokens,
      Supplier<SignInRules> rules,
      SecureRandom random,
      InstantSource clock) {
    this.state = state;
    this.tokens = tokens;
    this.rules = rules;
    this.random = random;
    this.clock = clock;
  }

  /// A passkey that answered, and whose it is.
  public record Owner(String user, FactorVerdict verdict) {}

  /// What holds now.
  public SignInRules rules() {
    return rules.get();
  }

  /// What a sign-in under a name has to answer. Names that nobody has, and users without keys, get
  /// keys that nobody has, always the same: the answer tells nothing about a name.
  public MfaChallenge login(String user) {
    var ids = ids(user);
    return challenge(Purpose.LOGIN, user, ids.isEmpty() ? new NobodysKeys(tokens).of(user) : ids);
  }

  /// What any passkey may answer; empty when passkeys alone are not enough.
  public Optional<MfaChallenge> passwordless() {
    return rules().withoutPassword()
        ? Optional.of(challenge(Purpose.PASSWORDLESS, "", List.of()))
        : Optional.empty();
  }

  /// What the devices of a user who is signed in can answer.
  public MfaChallenge signedIn(String user) {
    var now = rules();
    var ids = ids(user);
    var has =
        state.devices(user).stream()
            .anyMatch(device -> device.factor() instanceof MfaDeviceRecord.Totp);
    var whole = challenge(Purpose.SIGNED_IN, user, ids);
    return new MfaChallenge(
        whole.id(),
        true,
        now.totp() && has,
        ids.isEmpty() ? Optional.empty() : whole.webauthn(),
        whole.expires());
  }

  /// Whether a sign-in may go on with this second factor.
  ///
  /// @param user a user who exists, whose password was right
  public FactorVerdict login(String user, FactorAnswer answer) {
    var now = rules();
    if (!now.any()) {
      return new FactorVerdict.Proven(Optional.empty(), List.of());
    }
    if (answer instanceof FactorAnswer.None) {
      var devices = state.devices(user).stream().filter(now::takes).toList();
      return now.required() || !devices.isEmpty()
          ? new FactorVerdict.Refused(
              devices.isEmpty() ? "no second factor is registered" : "no second factor was given")
          : new FactorVerdict.Proven(Optional.empty(), List.of());
    }
    return check(now, Purpose.LOGIN, user, answer);
  }

  /// Whether a user who is signed in proves a second factor anew.
  public FactorVerdict signedIn(String user, FactorAnswer answer) {
    return check(rules(), Purpose.SIGNED_IN, user, answer);
  }

  /// As [#signedIn], by the challenge of a sign-in page.
  public FactorVerdict onPage(String user, FactorAnswer answer) {
    return check(rules(), Purpose.LOGIN, user, answer);
  }

  /// Whose passkey answered; empty when nobody's did.
  public Optional<Owner> passwordless(WebauthnAnswer answer) {
    var now = rules();
    var token = tokens.open(Purpose.PASSWORDLESS, answer.challengeId());
    var reading = passkeys.read(answer.credential());
    if (!now.withoutPassword() || token.isEmpty() || reading.isEmpty()) {
      return Optional.empty();
    }
    return state
        .holder(reading.get().credentialId())
        .flatMap(holder ->
            state.devices(holder.user()).stream()
                .filter(device -> device.id().equals(holder.device()))
                .filter(SecondFactors::isPasskey)
                .findFirst()
                .map(device ->
                    new Owner(
                        holder.user(),
                        verify(now, holder.user(), device, answer, token.get(), true, reading))));
  }

  /// By which a user's keys name them: always the same, and nobody else can compute it.
  byte[] handle(String user) {
    return tokens.hmac("handle of " + user);
  }

  /// A fresh challenge for a new key.
  byte[] fresh() {
    var bytes = new byte[CHALLENGE_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  /// The key that was made for a challenge.
  Optional<MfaDeviceRecord.Key> register(byte[] challenge, boolean passkey, JsonNode answer) {
    return rules().keys().flatMap(party -> passkeys.register(party, challenge, passkey, answer));
  }

  private MfaChallenge challenge(Purpose purpose, String user, List<byte[]> ids) {
    var now = rules();
    var bytes = fresh();
    var expires = clock.instant().plus(CHALLENGE_LIFE);
    var id = tokens.seal(purpose, new Token(user, KeyOptions.text(bytes), expires));
    return new MfaChallenge(
        id,
        now.required(),
        now.totp(),
        now.keys().map(party -> KeyOptions.request(party, bytes, ids)),
        expires);
  }

  private List<byte[]> ids(String user) {
    return state.devices(user).stream()
        .flatMap(device ->
            device.factor() instanceof MfaDeviceRecord.Key key
                ? java.util.stream.Stream.of(key.id())
                : java.util.stream.Stream.<byte[]>empty())
        .toList();
  }

  private FactorVerdict check(SignInRules now, Purpose purpose, String user, FactorAnswer answer) {
    return switch (answer) {
      case FactorAnswer.None _ -> new FactorVerdict.Refused("no second factor was given");
      case FactorAnswer.Ambiguous _ -> new FactorVerdict.Refused("two second factors were given");
      case FactorAnswer.Code(Secret code) -> code(now, user, code);
      case FactorAnswer.Signed(WebauthnAnswer signed) -> signed(now, purpose, user, signed);
    };
  }

  private FactorVerdict code(SignInRules now, String user, Secret code) {
    if (!now.totp()) {
      return new FactorVerdict.Refused("codes from apps are not taken");
    }
    var instant = clock.instant();
    for (var device : state.devices(user)) {
      if (device.factor() instanceof MfaDeviceRecord.Totp totp) {
        var step = Totp.match(totp.secret(), code, instant, totp.lastStep());
        if (step.isPresent()) {
          var used =
              device.used(new MfaDeviceRecord.Totp(totp.secret(), step.getAsLong()), instant);
          return new FactorVerdict.Proven(Optional.of(device), List.of(state.use(user, used)));
        }
      }
    }
    return new FactorVerdict.Refused("wrong or used code");
  }

  private FactorVerdict signed(
      SignInRules now, Purpose purpose, String user, WebauthnAnswer answer) {
    var token = tokens.open(purpose, answer.challengeId());
    if (token.isEmpty() || !token.get().subject().equals(user)) {
      return new FactorVerdict.Refused("the challenge has expired or was not this user's");
    }
    var reading = passkeys.read(answer.credential());
    if (reading.isEmpty()) {
      return new FactorVerdict.Refused("the key's answer can't be read");
    }
    for (var device : state.devices(user)) {
      var verdict = verify(now, user, device, answer, token.get(), false, reading);
      if (verdict instanceof FactorVerdict.Proven) {
        return verdict;
      }
    }
    return new FactorVerdict.Refused("the key's answer is not right");
  }

  private FactorVerdict verify(
      SignInRules now,
      String user,
      MfaDeviceRecord device,
      WebauthnAnswer answer,
      Token token,
      boolean verified,
      Optional<Passkeys.Reading> reading) {
    if (!(device.factor() instanceof MfaDeviceRecord.Key key) || reading.isEmpty()) {
      return new FactorVerdict.Refused("no key");
    }
    if (!reading.get().names(handle(user)) || (verified && !reading.get().names())) {
      return new FactorVerdict.Refused("the key names another user");
    }
    var challenge = Base64.getUrlDecoder().decode(token.content());
    var used =
        now.keys()
            .flatMap(party -> passkeys.verify(party, challenge, key, verified, reading.get()));
    if (used.isEmpty()) {
      return new FactorVerdict.Refused("the key's answer is not right");
    }
    Instant instant = clock.instant();
    var writes = new ArrayList<dev.sallyport.store.Write>();
    writes.add(state.use(user, device.used(used.get(), instant)));
    writes.add(state.once(answer.challengeId(), token.expires()));
    return new FactorVerdict.Proven(Optional.of(device), writes);
  }

  private static boolean isPasskey(MfaDeviceRecord device) {
    return device.factor() instanceof MfaDeviceRecord.Key key && key.passkey();
  }
}
