package dev.sallyport.auth.join;

import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.locks.LockCheck;
import dev.sallyport.auth.state.Authorities;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.auth.users.TokenMask;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.JoinRequest;
import dev.sallyport.control.JoinResult;
import dev.sallyport.control.TokenLabels;
import dev.sallyport.control.TokenQuestion;
import dev.sallyport.control.Trust;
import dev.sallyport.control.WebJoinRequest;
import dev.sallyport.control.admission.AddressLimiter;
import dev.sallyport.control.admission.Rate;
import dev.sallyport.model.HostIdentity;
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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Joining by a token.
///
/// The token proves nothing but that its bearer may become a new part in one of its roles. So the
/// host id is minted here, whatever id was asked for, and any other role is refused. Every try is
/// audited, without the token.
public final class JoinService {
  private static final int TEXT_LENGTH_MAX = 255;
  private static final String SUGGESTED = "suggested_agent_matcher_labels";
  private static final String BAD_TOKEN = "the token is not valid: it has expired or was not found";

  private final Authorities authorities;
  private final Tokens tokens;
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

  public JoinService(Authorities authorities, Tokens tokens, HostIssuer issuer, AuditTrail audit) {
    this.authorities = authorities;
    this.tokens = tokens;
    this.issuer = issuer;
    this.audit = audit;
  }

  /// Makes the caller's host a part of the cluster: one that asks the Auth Service itself.
  ///
  /// @param proven the key that the host showed to hold, which must be the one to be certified
  /// @param address of the host, whose tries are counted
  public JoinResult join(WebJoinRequest request, PublicKey proven, String address) {
    if (!limiter.tryAcquire(literal(address))) {
      throw new ControlException(
          ErrorKind.LIMIT_EXCEEDED, "too many joins from this address; try again later");
    }
    if (!key(request.publicKey()).equals(proven)) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER, "public_key: is not that of the connection's certificate");
    }
    return join(request.from(address));
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
    var token = found.orElseThrow(() -> new ControlException(ErrorKind.ACCESS_DENIED, BAD_TOKEN));
    tokens.locks().require(LockSubject.of(LockPart.JOIN_TOKEN, token.metadata().name()));
    var role = role(request.role(), token);
    // Whatever id was asked for: a token does not prove one.
    var host = new HostIdentity(authorities.clusterName(), UUID.randomUUID().toString(), role);
    var certificate = issuer.joined(host, key, request.nodeName(), token.databases());
    audit.joined(host, request, TokenMask.mask(token));
    return new JoinResult(host.hostId(), Pem.encode(certificate), Trust.of(authorities.trust()));
  }

  /// By which labels a host is to choose databases that somebody sets up with a token.
  ///
  /// @throws ControlException of kind ACCESS_DENIED if it lets no Database Service join now
  public TokenLabels labels(TokenQuestion question) {
    var token =
        find(question.token())
            .orElseThrow(() -> new ControlException(ErrorKind.ACCESS_DENIED, BAD_TOKEN));
    tokens.locks().require(LockSubject.of(LockPart.JOIN_TOKEN, token.metadata().name()));
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
    return new TokenLabels(labels);
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
    // Only tokens whose name is a secret: names of other methods are no secrets.
    return tokens
        .resources()
        .token(name.reveal())
        .filter(token -> token.joinMethod().equals(ProvisionToken.METHOD_TOKEN));
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
