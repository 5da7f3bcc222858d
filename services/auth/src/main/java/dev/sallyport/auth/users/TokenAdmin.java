package dev.sallyport.auth.users;

import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.JoinMethod;
import dev.sallyport.model.JoinTerms;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes join tokens. A token is a secret that lets its bearer become a part of the cluster, in the
/// roles it names, until it expires.
public final class TokenAdmin {
  /// Fewest characters of a token that somebody chose.
  public static final int LENGTH_MIN = 8;

  private static final Duration TTL = Duration.ofMinutes(30);
  private static final Duration TTL_MIN = Duration.ofMinutes(1);
  private static final Duration TTL_MAX = Duration.ofDays(365);

  private final AuditTrail audit;
  private final InstantSource clock;
  private final SecureRandom random;

  public TokenAdmin(AuditTrail audit, InstantSource clock, SecureRandom random) {
    this.audit = audit;
    this.clock = clock;
    this.random = random;
  }

  /// Makes a token with a random or chosen value.
  public ProvisionToken create(Caller caller, CreateTokenRequest request) {
    var ttl = request.ttl().orElse(TTL);
    if (ttl.compareTo(TTL_MIN) < 0 || ttl.compareTo(TTL_MAX) > 0) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "ttl: %d minutes (expected: 1 minute to 365 days)".formatted(ttl.toMinutes()));
    }
    var roles = request.roles().stream().map(TokenAdmin::role).toList();
    var name = request.value().orElseGet(() -> RandomToken.make(random));
    var databases =
        request.databases().isEmpty() ? List.of(ProvisionToken.ANY_DATABASE) : request.databases();
    var metadata =
        metadata(name)
            .withLabels(request.labels().orElse(Map.of()))
            .withExpires(Optional.of(clock.instant().plus(ttl).truncatedTo(ChronoUnit.SECONDS)));
    var token = check(token(metadata, roles, databases));
    var result =
        audit.commit(
            List.of(ResourceState.put(token, Condition.absent())),
            audit.written(caller, Optional.empty(), token));
    return switch (result) {
      case CommitResult.Committed(long revision) ->
          token.withMetadata(metadata.withRevision(Optional.of(Long.toString(revision))));
      case CommitResult.Conflict _ ->
          throw new ControlException(
              ErrorKind.ALREADY_EXISTS,
              "failed to create token (\"%s\" already exists), please use another name"
                  .formatted(TokenMask.mask(name.reveal())));
    };
  }

  /// Refuses tokens that this version can't honour, or that could be guessed.
  static ProvisionToken check(ProvisionToken token) {
    if (token.roles().contains(SystemRole.AUTH)) {
      // There is one Auth Service, and nothing could join as another.
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "role \"Auth\" is not supported by this version (a token can give Proxy or Db)");
    }
    if (token.joinMethod() == JoinMethod.TOKEN && token.metadata().name().length() < LENGTH_MIN) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "the token is too short: %d characters (expected: at least %d, better none, so that a"
                  .formatted(token.metadata().name().length(), LENGTH_MIN)
              + " random one is made)");
    }
    return token;
  }

  private static SystemRole role(String name) {
    return SystemRole.parse(name)
        .filter(role -> role == SystemRole.DB || role == SystemRole.PROXY)
        .orElseThrow(() ->
            new ControlException(
                ErrorKind.BAD_PARAMETER,
                "invalid role \"%s\" (expected: db or proxy)".formatted(name)));
  }

  private static Metadata metadata(Secret name) {
    try {
      return Metadata.named(name.reveal());
    } catch (IllegalArgumentException e) {
      // The usual message would repeat the secret.
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "the token may not hold slashes, control characters or blanks at its ends");
    }
  }

  private static ProvisionToken token(
      Metadata metadata, List<SystemRole> roles, List<String> databases) {
    try {
      return new ProvisionToken(metadata, roles, JoinTerms.SECRET, databases);
    } catch (IllegalArgumentException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, String.valueOf(e.getMessage()), e);
    }
  }
}
