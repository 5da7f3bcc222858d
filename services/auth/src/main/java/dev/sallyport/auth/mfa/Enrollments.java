package dev.sallyport.auth.mfa;

import dev.sallyport.auth.mfa.SealedTokens.Purpose;
import dev.sallyport.auth.mfa.SealedTokens.Token;
import dev.sallyport.auth.state.MfaDeviceRecord;
import dev.sallyport.auth.state.MfaState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.Enrollment;
import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Secret;
import dev.sallyport.store.Write;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Registers devices: gives out what a device must know, and takes it once the device has answered.
/// Until then nothing is kept.
public final class Enrollments {
  /// How long a device may take to answer.
  public static final Duration LIFE = Duration.ofMinutes(10);

  /// Most devices of one user.
  public static final int DEVICES_MAX = 16;

  /// Longest name of a device.
  public static final int NAME_LENGTH_MAX = 64;

  private static final String SEPARATOR = ":";

  private final SecondFactors factors;
  private final MfaState state;
  private final SealedTokens tokens;
  private final Place place;
  private final InstantSource clock;

  /// Where devices are registered, and what nobody can guess.
  ///
  /// @param cluster what apps show beside a code
  public record Place(String cluster, SecureRandom random) {}

  public Enrollments(
      SecondFactors factors,
      MfaState state,
      SealedTokens tokens,
      Place place,
      InstantSource clock) {
    this.factors = factors;
    this.state = state;
    this.tokens = tokens;
    this.place = place;
    this.clock = clock;
  }

  /// A device that answered, and the writes that register it.
  public record Registered(MfaDeviceRecord device, List<Write> writes) {
    /// Copies.
    public Registered {
      writes = List.copyOf(writes);
    }
  }

  /// Begins to register a device.
  ///
  /// @param subject to whom or what the answer is bound
  /// @param user whose device it will be
  public Enrollment begin(Purpose purpose, String subject, String user, String kind) {
    var rules = factors.rules();
    if (!rules.kinds().contains(kind)) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "kind: such a device can't be registered in this cluster, these can: %s"
              .formatted(rules.kinds()));
    }
    var known = state.devices(user);
    if (known.size() >= DEVICES_MAX) {
      throw new ControlException(
          ErrorKind.LIMIT_EXCEEDED,
          "%d devices are registered, which is the most; remove one first".formatted(known.size()));
    }
    var expires = clock.instant().plus(LIFE);
    if (kind.equals(MfaDeviceRecord.Totp.KIND)) {
      var secret = Totp.secret(place.random());
      var token = new Token(subject, kind + SEPARATOR + secret.reveal(), expires);
      var url = Totp.url(place.cluster(), user, secret);
      return new Enrollment(
          tokens.seal(purpose, token),
          expires,
          Optional.of(new Enrollment.Totp(url, secret)),
          Optional.empty());
    }
    var challenge = factors.fresh();
    var party = rules.keys().orElseThrow();
    var token = new Token(subject, kind + SEPARATOR + KeyOptions.text(challenge), expires);
    var options =
        KeyOptions.create(
            party,
            user,
            factors.handle(user),
            challenge,
            keys(known),
            kind.equals(MfaDeviceRecord.Key.PASSKEY));
    return new Enrollment(
        tokens.seal(purpose, token), expires, Optional.empty(), Optional.of(options));
  }

  /// Takes the answer of a device.
  ///
  /// @throws ControlException of kind BAD_PARAMETER if it is not right, with a message for the user
  public Registered finish(Purpose purpose, String subject, String user, EnrollmentAnswer answer) {
    var token =
        tokens
            .open(purpose, answer.id())
            .filter(open -> open.subject().equals(subject))
            .orElseThrow(() ->
                new ControlException(
                    ErrorKind.BAD_PARAMETER,
                    "the registration of this device has expired, please begin it anew"));
    var known = state.devices(user);
    var name = name(answer.deviceName(), known);
    if (answer.totpCode().isPresent() == answer.webauthn().isPresent()) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER, "a device answers with either a code or a key's answer");
    }
    var colon = token.content().indexOf(SEPARATOR);
    var kind = token.content().substring(0, colon);
    var content = token.content().substring(colon + 1);
    var factor =
        kind.equals(MfaDeviceRecord.Totp.KIND)
            ? code(Secret.of(content), answer.totpCode())
            : key(content, kind.equals(MfaDeviceRecord.Key.PASSKEY), answer.webauthn());
    var device =
        new MfaDeviceRecord(
            UUID.randomUUID().toString(), name, clock.instant(), Optional.empty(), factor, 0);
    var writes = new ArrayList<Write>(state.add(user, device));
    writes.add(state.once(answer.id(), token.expires()));
    writes.add(state.present(user));
    return new Registered(device, writes);
  }

  private MfaDeviceRecord.Factor code(Secret secret, Optional<Secret> code) {
    var step =
        code.map(given -> Totp.match(secret, given, clock.instant(), 0))
            .filter(match -> match.isPresent())
            .orElseThrow(() ->
                new ControlException(
                    ErrorKind.BAD_PARAMETER,
                    "the code is not right: enter the one that the app shows now, and see that"
                        + " this machine's and the phone's clocks are right"));
    return new MfaDeviceRecord.Totp(secret, step.getAsLong());
  }

  private MfaDeviceRecord.Factor key(String challenge, boolean passkey, Optional<JsonNode> answer) {
    return answer
        .flatMap(
            given -> factors.register(Base64.getUrlDecoder().decode(challenge), passkey, given))
        .orElseThrow(() ->
            new ControlException(
                ErrorKind.BAD_PARAMETER,
                "the key's answer is not right, please try again (is the page open under the"
                    + " Proxy's public address?)"));
  }

  private static String name(String text, List<MfaDeviceRecord> known) {
    var name = text.strip();
    if (name.isEmpty()
        || name.length() > NAME_LENGTH_MAX
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "device_name: a device needs a name of 1 to %d characters".formatted(NAME_LENGTH_MAX));
    }
    if (known.stream().anyMatch(device -> device.name().equals(name))) {
      throw new ControlException(
          ErrorKind.ALREADY_EXISTS, "a device named \"%s\" is registered already".formatted(name));
    }
    return name;
  }

  private static List<MfaDeviceRecord.Key> keys(List<MfaDeviceRecord> devices) {
    return devices.stream()
        .map(MfaDeviceRecord::factor)
        .filter(MfaDeviceRecord.Key.class::isInstance)
        .map(MfaDeviceRecord.Key.class::cast)
        .toList();
  }
}
