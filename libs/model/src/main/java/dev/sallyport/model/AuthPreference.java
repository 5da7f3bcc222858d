package dev.sallyport.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// How people sign in to the cluster and what holds for their sessions. There is one in a cluster.
///
/// @param messageOfTheDay shown before signing in
/// @param other fields that change nothing here, kept as they came
public record AuthPreference(
    Metadata metadata,
    SignIn signIn,
    SecondFactors secondFactors,
    Sessions sessions,
    Optional<String> messageOfTheDay,
    Map<String, Object> other)
    implements Resource {
  /// The only name.
  public static final String NAME = "cluster-auth-preference";

  /// Most characters of the message of the day.
  public static final int MESSAGE_MAX = 4096;

  /// What holds in a cluster where nobody decided otherwise.
  public static final AuthPreference DEFAULT =
      new AuthPreference(
          Origin.DEFAULTS.mark(Metadata.named(NAME)),
          SignIn.DEFAULT,
          SecondFactors.OFF,
          Sessions.DEFAULT,
          Optional.empty(),
          Map.of());

  public AuthPreference {
    if (!metadata.name().equals(NAME)) {
      throw new IllegalArgumentException(
          "metadata.name: %s (expected: %s)".formatted(Quoted.of(metadata.name()), NAME));
    }
    Objects.requireNonNull(signIn, "signIn");
    Objects.requireNonNull(secondFactors, "secondFactors");
    Objects.requireNonNull(sessions, "sessions");
    if (messageOfTheDay.filter(AuthPreference::isUnfit).isPresent()) {
      throw new IllegalArgumentException(
          "message_of_the_day: longer than %d characters, or with control characters"
              .formatted(MESSAGE_MAX));
    }
    other = Frozen.tree(other);
  }

  /// By what users prove who they are.
  ///
  /// @param type `local`, or the kind of the usual connector: `github`, `saml`, `oidc`
  /// @param connectorName the usual one; absent means the first of that type
  /// @param local whether users of this cluster may sign in with a password
  /// @param passwordless whether a passkey alone is enough
  /// @param headless whether a sign-in may be confirmed on another machine
  public record SignIn(
      String type,
      Optional<String> connectorName,
      boolean local,
      boolean passwordless,
      boolean headless) {
    /// The type without a connector.
    public static final String LOCAL = "local";

    /// All types.
    public static final List<String> TYPES = List.of(LOCAL, "github", "saml", "oidc");

    public static final SignIn DEFAULT = new SignIn(LOCAL, Optional.empty(), true, true, true);

    public SignIn {
      if (!TYPES.contains(type)) {
        throw new IllegalArgumentException(
            "type: %s (expected: one of %s)".formatted(Quoted.of(type), TYPES));
      }
      Objects.requireNonNull(connectorName, "connectorName");
    }
  }

  /// What users prove beside their password.
  ///
  /// @param allowed by which means, best first; none means that nothing more is asked for
  /// @param required whether every user needs one; otherwise only those who registered one
  /// @param webauthn absent means the Proxy's address stands for the relying party
  public record SecondFactors(
      List<SecondFactor> allowed, boolean required, Optional<WebAuthn> webauthn) {
    public static final SecondFactors OFF = new SecondFactors(List.of(), false, Optional.empty());

    public SecondFactors {
      allowed = List.copyOf(allowed);
      Objects.requireNonNull(webauthn, "webauthn");
      if (required && allowed.isEmpty()) {
        throw new IllegalArgumentException("second_factors: none allowed, but one is required");
      }
    }

    /// The one word for all of this: `off`, `optional`, `on`, or the only one that is allowed.
    public String word() {
      if (allowed.isEmpty()) {
        return "off";
      }
      if (!required) {
        return "optional";
      }
      return allowed.size() == 1 ? allowed.getFirst().wireName() : "on";
    }

    /// For whom keys sign, if there are any.
    ///
    /// @param proxy `host:port` under which browsers reach the Proxy
    public Optional<RelyingParty> relyingParty(Optional<String> proxy) {
      return allows(SecondFactor.WEBAUTHN)
          ? RelyingParty.of(webauthn.flatMap(WebAuthn::rpId), proxy)
          : Optional.empty();
    }

    /// Whether this one may be registered and used.
    public boolean allows(SecondFactor factor) {
      return allowed.contains(factor);
    }
  }

  /// The settings of passkeys.
  ///
  /// @param rpId the relying party's id; must never change once somebody registered a key
  /// @param attestationAllowed PEM of the only makers whose keys are taken; none means all
  /// @param attestationDenied PEM of makers whose keys are refused
  public record WebAuthn(
      Optional<String> rpId, List<String> attestationAllowed, List<String> attestationDenied) {
    public WebAuthn {
      Objects.requireNonNull(rpId, "rpId");
      attestationAllowed = List.copyOf(attestationAllowed);
      attestationDenied = List.copyOf(attestationDenied);
    }
  }

  /// What holds for sessions.
  ///
  /// @param defaultTtl how long a sign-in lasts that asks for nothing
  /// @param requireMfa whether each database session needs a second factor of its own
  /// @param lockingMode what to do while Auth is silent; strict unless somebody took the risk
  /// @param disconnectExpired whether sessions end with their certificate; here they always do
  /// @param idle when sessions end that nobody uses
  public record Sessions(
      Duration defaultTtl,
      boolean requireMfa,
      LockingMode lockingMode,
      boolean disconnectExpired,
      Idle idle) {
    public static final Sessions DEFAULT =
        new Sessions(Duration.ofHours(12), false, LockingMode.STRICT, false);

    public Sessions {
      Objects.requireNonNull(lockingMode, "lockingMode");
      Objects.requireNonNull(idle, "idle");
      if (!defaultTtl.isPositive() || defaultTtl.compareTo(RoleOptions.MAX_SESSION_TTL) > 0) {
        throw new IllegalArgumentException(
            "default_session_ttl: %s (expected: more than 0 and at most 30h)"
                .formatted(Durations.format(defaultTtl)));
      }
    }

    /// Without a word on what nobody uses.
    public Sessions(
        Duration defaultTtl,
        boolean requireMfa,
        LockingMode lockingMode,
        boolean disconnectExpired) {
      this(defaultTtl, requireMfa, lockingMode, disconnectExpired, Idle.NEVER);
    }
  }

  /// When what nobody uses ends.
  ///
  /// @param client a session in a database; roles may ask for less; absent means never
  /// @param message told to who comes back too late
  /// @param web a session of the web app; absent means [#WEB_USUAL]
  public record Idle(Optional<Duration> client, Optional<String> message, Optional<Duration> web) {
    /// When a session of the web app ends where nobody decided otherwise.
    public static final Duration WEB_USUAL = Duration.ofMinutes(30);

    /// The least that can be asked for: pages and tunnels are quiet for seconds while in use.
    public static final Duration MIN = Duration.ofMinutes(1);

    /// Most characters of the message.
    public static final int TEXT_MAX = 512;

    public static final Idle NEVER = new Idle(Optional.empty(), Optional.empty(), Optional.empty());

    public Idle {
      atLeastMinimum("client_idle_timeout", client);
      atLeastMinimum("web_idle_timeout", web);
      if (message
          .filter(
              text -> text.length() > TEXT_MAX || text.chars().anyMatch(Character::isISOControl))
          .isPresent()) {
        throw new IllegalArgumentException(
            "client_idle_timeout_message: longer than %d characters, or with control characters"
                .formatted(TEXT_MAX));
      }
    }

    private static void atLeastMinimum(String field, Optional<Duration> value) {
      value
          .filter(time -> time.compareTo(MIN) < 0)
          .ifPresent(time -> {
            throw new IllegalArgumentException(
                "%s: %s (expected: at least 1m)".formatted(field, Durations.format(time)));
          });
    }
  }

  private static boolean isUnfit(String message) {
    return message.length() > MESSAGE_MAX
        || message.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t');
  }

  @Override
  public Kind kind() {
    return Kind.CLUSTER_AUTH_PREFERENCE;
  }

  @Override
  public AuthPreference withMetadata(Metadata newMetadata) {
    return new AuthPreference(newMetadata, signIn, secondFactors, sessions, messageOfTheDay, other);
  }
}
