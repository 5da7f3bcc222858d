package dev.sallyport.auth.join.aws;

import dev.sallyport.control.CallerProof;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.JoinChallenge;
import dev.sallyport.model.AwsCallerRule;
import dev.sallyport.model.AwsPrincipal;
import dev.sallyport.model.Quoted;
import dev.sallyport.pki.SystemTrust;
import java.io.IOException;
import java.net.URI;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Join method `iam`: gives challenges, and has AWS say who signed them. Safe for any thread.
public final class CallerCheck {
  private final Optional<URI> address;
  private final StsDoor door;
  private final JoinChallenges challenges;

  CallerCheck(Optional<URI> address, StsDoor door, JoinChallenges challenges) {
    this.address = address;
    this.door = door;
    this.challenges = challenges;
  }

  /// Asks STS as an environment says: `AWS_ENDPOINT_URL_STS`, `AWS_CA_BUNDLE`.
  ///
  /// @throws IOException if the bundle can't be read
  /// @throws IllegalArgumentException if the address is none
  public static CallerCheck of(Map<String, String> env, InstantSource clock, SecureRandom random)
      throws IOException {
    return of(env, StsDoor.USUAL_LIMIT, clock, random);
  }

  static CallerCheck of(
      Map<String, String> env, Duration limit, InstantSource clock, SecureRandom random)
      throws IOException {
    return new CallerCheck(
        StsDoor.address(env), new StsDoor(trust(env), limit), new JoinChallenges(clock, random));
  }

  private static SystemTrust trust(Map<String, String> env) throws IOException {
    var bundle = env.getOrDefault("AWS_CA_BUNDLE", "").strip();
    try {
      return SystemTrust.load(bundle.isEmpty() ? env : Map.of("SSL_CERT_FILE", bundle));
    } catch (IOException e) {
      throw bundle.isEmpty()
          ? e
          : new IOException("AWS_CA_BUNDLE: " + bundle + " can't be read", e);
    }
  }

  /// What a host has to sign.
  ///
  /// @param key that is to be certified
  /// @param token name of the token that it joins by
  /// @throws ControlException of kind BAD_PARAMETER for a region that AWS is not known to have
  public JoinChallenge challenge(PublicKey key, String token, String region) {
    var host =
        StsHost.of(region, address)
            .orElseThrow(() ->
                new ControlException(
                    ErrorKind.BAD_PARAMETER,
                    "region: %s is none that this version knows (set AWS_REGION on the host)"
                        .formatted(Quoted.of(region))));
    var out = challenges.give(key, token, host);
    return new JoinChallenge(out.challenge(), host.authority(), region, out.expires());
  }

  /// Who the host is, once one of the rules allows it. The challenge is used up, also if not.
  ///
  /// @param key that is to be certified
  /// @param token name of the token that it joins by
  /// @throws ControlException if it is not let in, or AWS does not answer
  public AwsPrincipal check(
      CallerProof proof, PublicKey key, String token, List<AwsCallerRule> allow) {
    var given =
        challenges
            .take(proof.challenge())
            .filter(one -> one.key().equals(key) && one.token().equals(token))
            .orElseThrow(() ->
                new ControlException(
                    ErrorKind.ACCESS_DENIED,
                    "the challenge was not given for this, was used before, or is older than a"
                        + " minute"));
    var headers = StsQuestion.headers(proof, key, given.host().region());
    var caller = door.ask(given.host(), headers);
    if (allow.stream().noneMatch(rule -> rule.allows(caller))) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED,
          "instance %s did not match any allow rules in token %s"
              .formatted(caller.arn(), Quoted.of(token)));
    }
    return caller;
  }
}
