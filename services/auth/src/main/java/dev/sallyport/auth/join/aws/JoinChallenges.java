package dev.sallyport.auth.join.aws;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The challenges that are out: each is for one key, one token and one region, good once and for a
/// minute. Kept in memory: after a restart hosts ask again. Safe for any thread.
final class JoinChallenges {
  /// How long one is good.
  static final Duration TTL = Duration.ofMinutes(1);

  /// Most that are out at a time.
  static final int OUT_MAX = 10_000;

  private static final int BYTES = 32;

  private final InstantSource clock;
  private final SecureRandom random;
  private final Map<String, Given> out = new LinkedHashMap<>();

  JoinChallenges(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /// What a challenge was given for.
  record Given(PublicKey key, String token, StsHost host, Instant expires) {}

  /// One that is out.
  record Out(String challenge, Instant expires) {}

  /// A new one.
  ///
  /// @throws ControlException of kind LIMIT_EXCEEDED when too many are out
  synchronized Out give(PublicKey key, String token, StsHost host) {
    var now = clock.instant();
    forgetOld(now);
    if (out.size() >= OUT_MAX) {
      throw new ControlException(
          ErrorKind.LIMIT_EXCEEDED, "too many hosts join at this moment; try again later");
    }
    var bytes = new byte[BYTES];
    random.nextBytes(bytes);
    var challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    var expires = now.plus(TTL);
    out.put(challenge, new Given(key, token, host, expires));
    return new Out(challenge, expires);
  }

  /// Takes one back, whatever becomes of it; nothing if it is not out or not good any more.
  synchronized Optional<Given> take(String challenge) {
    var given = Optional.ofNullable(out.remove(challenge));
    return given.filter(one -> clock.instant().isBefore(one.expires()));
  }

  /// The oldest stand first.
  private void forgetOld(Instant now) {
    var each = out.values().iterator();
    while (each.hasNext() && !now.isBefore(each.next().expires())) {
      each.remove();
    }
  }
}
