package dev.sallyport.auth.join;

import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.join.aws.CallerCheck;
import dev.sallyport.auth.join.aws.InstanceCheck;
import dev.sallyport.auth.locks.LockCheck;
import dev.sallyport.auth.state.Authorities;
import dev.sallyport.auth.state.InstanceState;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.auth.users.TokenMask;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.JoinChallenge;
import dev.sallyport.control.JoinChallengeRequest;
import dev.sallyport.control.JoinRequest;
import dev.sallyport.control.JoinResult;
import dev.sallyport.control.TokenLabels;
import dev.sallyport.control.TokenQuestion;
import dev.sallyport.control.Trust;
import dev.sallyport.control.WebJoinRequest;
import dev.sallyport.control.admission.AddressLimiter;
import dev.sallyport.control.admission.Rate;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.JoinMethod;
import dev.sallyport.model.JoinTerms;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockSubject;
import dev.sallyport.model.Names;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import java.net.InetAddress;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Joining by a token.
///
/// A token of method `token` proves nothing but that its bearer may become a new part in one of its
/// roles; with the other methods AWS says who the host is. Either way the host id is minted here,
/// whatever id was asked for, and any other role is refused. Every try is audited, without secrets.
public final class JoinService {
  private static final int TEXT_LENGTH_MAX = 255;
  private static final String SUGGESTED = "suggested_agent_matcher_labels";
  private static final String BAD_TOKEN = "the token is not valid: it has expired or was not found";

  private final Authorities authorities;
  private final Tokens tokens;
  private final Aws aws;
  private final HostIssuer issuer;
  private final AuditTrail audit;
  private final AddressLimiter limiter = new AddressLimiter(Rate.JOIN);

  /// What a token is known by.
  ///
  /// @param staticTokens tokens from the configuration, which never expire
  public record Tokens(
      ResourceState resources, List<ProvisionToken> staticTokens, LockCheck locks) {
    /// Copies the list.
    public Tokens {
      staticTokens = List.copyOf(staticTokens);
    }
  }

  /// Who asks AWS what of hosts.
  public record Aws(CallerCheck callers, InstanceCheck instances) {}

  public JoinService(
      Authorities authorities, Tokens tokens, Aws aws, HostIssuer issuer, AuditTrail audit) {
    this.authorities = authorities;
    this.tokens = tokens;
    this.aws = aws;
    this.issuer = issuer;
    this.audit = audit;
  }

  /// What a host that asks the Auth Service itself has to sign.
  ///
  /// @param proven the key that the host showed to hold, which must be the one to be certified
  /// @param address of the host, whose tries are counted
  public JoinChallenge challenge(JoinChallengeRequest request, PublicKey proven, String address) {
    limit(address);
    requireProven(request.publicKey(), proven);
    return challenge(request);
  }

  /// What a host has to sign, as the Proxy passes its wish on.
  public JoinChallenge challenge(JoinChallengeRequest request) {
    var key = key(request.publicKey());
    var token = usable(find(Secret.of(request.token())));
    if (!(token.terms() instanceof JoinTerms.AwsCallers)) {
      throw unsupported(JoinMethod.IAM, token);
    }
    return aws.callers().challenge(key, token.metadata().name(), request.region());
  }

  /// Makes the caller's host a part of the cluster: one that asks the Auth Service itself.
  ///
  /// @param proven the key that the host showed to hold, which must be the one to be certified
  /// @param address of the host, whose tries are counted
  public JoinResult join(WebJoinRequest request, PublicKey proven, String address) {
    limit(address);
    requireProven(request.publicKey(), proven);
    return join(request.from(address));
  }

  private void limit(String address) {
    if (!limiter.tryAcquire(literal(address))) {
      throw new ControlException(
          ErrorKind.LIMIT_EXCEEDED, "too many joins from this address; try again later");
    }
  }

  private static void requireProven(String asked, PublicKey proven) {
    if (!key(asked).equals(proven)) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER, "public_key: is not that of the connection's certificate");
    }
  }

  private static InetAddress literal(String address) {
    return InetAddress.ofLiteral(
        address.startsWith("[") ? address.substring(1, address.length() - 1) : address);
  }

  /// Makes the caller's host a part of the cluster, as the Proxy passes it on.
  public JoinResult join(JoinRequest request) {
    var token = find(request.token());
    try {
      return joined(request, token);
    } catch (ControlException e) {
      audit.joinFailed(request, token.map(TokenMask::mask), e.reason());
      throw e;
    }
  }

  private JoinResult joined(JoinRequest request, Optional<ProvisionToken> found) {
    var key = key(request.publicKey());
    if (request.nodeName().length() > TEXT_LENGTH_MAX) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "the node name is too long");
    }
    var token = usable(found);
    var role = role(request.role(), token);
    var attributes = prove(request, new InstanceState.Claimant(role, key), token);
    // Whatever id was asked for: nothing here proves one.
    var host = new HostIdentity(authorities.clusterName(), UUID.randomUUID().toString(), role);
    var certificate = issuer.joined(host, key, request.nodeName(), token.databases());
    audit.joined(host, request, TokenMask.mask(token), attributes);
    return new JoinResult(host.hostId(), Pem.encode(certificate), Trust.of(authorities.trust()));
  }

  /// How a host joins with a token, and by which labels it is to choose databases. Names of tokens
  /// of the other methods than `token` are no secrets, so whoever knows one may know this.
  ///
  /// @throws ControlException of kind ACCESS_DENIED if it lets no Database Service join now, which
  ///   is on record as a join that failed: whoever guesses tokens could guess them here
  public TokenLabels labels(TokenQuestion question) {
    var found = find(question.token());
    try {
      return labels(found);
    } catch (ControlException e) {
      var asked =
          new JoinRequest(
              question.token(),
              SystemRole.DB.wireName(),
              "",
              Optional.empty(),
              "",
              question.clientAddress());
      audit.joinFailed(asked, found.map(TokenMask::mask), e.reason());
      throw e;
    }
  }

  private TokenLabels labels(Optional<ProvisionToken> found) {
    var token = usable(found);
    role(SystemRole.DB.wireName(), token);
    var labels = new LinkedHashMap<String, List<String>>();
    if (token.other().get(SUGGESTED) instanceof Map<?, ?> suggested) {
      suggested.forEach((key, value) ->
          labels.put(
              String.valueOf(key),
              value instanceof List<?> values
                  ? values.stream().map(String::valueOf).toList()
                  : List.of(String.valueOf(value))));
    }
    return new TokenLabels(token.joinMethod(), labels);
  }

  private ProvisionToken usable(Optional<ProvisionToken> found) {
    var token = found.orElseThrow(() -> new ControlException(ErrorKind.ACCESS_DENIED, BAD_TOKEN));
    tokens.locks().require(LockSubject.of(LockPart.JOIN_TOKEN, token.metadata().name()));
    return token;
  }

  /// What the host showed to be, for the record.
  private Map<String, String> prove(
      JoinRequest request, InstanceState.Claimant claimant, ProvisionToken token) {
    if (request.method() != token.joinMethod()) {
      throw unsupported(request.method(), token);
    }
    return switch (token.terms()) {
      case JoinTerms.SharedSecret() -> Map.of();
      case JoinTerms.AwsCallers(var allow) -> {
        var caller =
            aws.callers()
                .check(request.iam().orElseThrow(), claimant.key(), token.metadata().name(), allow);
        yield Map.of("account", caller.account(), "arn", caller.arn());
      }
      case JoinTerms.AwsInstances instances -> {
        var instance = aws.instances().check(request.ec2().orElseThrow(), instances, claimant);
        yield Map.of(
            "account",
            instance.account(),
            "region",
            instance.region(),
            "instance",
            instance.instanceId());
      }
    };
  }

  private static ControlException unsupported(JoinMethod method, ProvisionToken token) {
    return new ControlException(
        ErrorKind.ACCESS_DENIED,
        "this token does not support the %s join method, but %s"
            .formatted(method.wireName().toUpperCase(Locale.ROOT), token.joinMethod().wireName()));
  }

  private Optional<ProvisionToken> find(Secret name) {
    try {
      Names.check(name.reveal(), "token");
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    for (var token : tokens.staticTokens()) {
      if (Secret.of(token.metadata().name()).equals(name)) {
        return Optional.of(token);
      }
    }
    return tokens.resources().token(name.reveal());
  }

  private static SystemRole role(String wanted, ProvisionToken token) {
    var role = SystemRole.parse(wanted).orElse(SystemRole.ADMIN);
    var allowed =
        switch (role) {
          case DB, PROXY -> token.roles().contains(role);
          case AUTH, ADMIN -> false;
        };
    if (!allowed) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED,
          "the token does not allow the role \"%s\", but %s"
              .formatted(
                  shortened(wanted), token.roles().stream().map(SystemRole::wireName).toList()));
    }
    return role;
  }

  private static PublicKey key(String pem) {
    try {
      return Pem.publicKey(pem);
    } catch (PemException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "public_key: " + e.getMessage(), e);
    }
  }

  private static String shortened(String text) {
    return text.length() > TEXT_LENGTH_MAX ? text.substring(0, TEXT_LENGTH_MAX) : text;
  }
}
