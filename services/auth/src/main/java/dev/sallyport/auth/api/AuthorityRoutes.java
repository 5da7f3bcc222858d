package dev.sallyport.auth.api;

import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.access.Rules;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.join.HostIssuer;
import dev.sallyport.auth.rotation.Rotations;
import dev.sallyport.auth.state.Authorities;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.HostCert;
import dev.sallyport.control.RenewHostRequest;
import dev.sallyport.control.RotateRequest;
import dev.sallyport.control.Trust;
import dev.sallyport.model.Kind;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.VerifiedHost;
import dev.sallyport.policy.RuleTarget;
import dev.sallyport.policy.Verb;
import dev.sallyport.resources.ResourceJson;
import java.security.PublicKey;
import java.util.Optional;

/// The cluster's authorities: whom to trust, changing their keys, and renewing what they signed for
/// hosts.
final class AuthorityRoutes {
  private final Rules rules;
  private final Authorities authorities;
  private final HostIssuer hosts;
  private final Rotations rotations;
  private final AuditTrail audit;

  AuthorityRoutes(
      Rules rules,
      Authorities authorities,
      HostIssuer hosts,
      Rotations rotations,
      AuditTrail audit) {
    this.rules = rules;
    this.authorities = authorities;
    this.hosts = hosts;
    this.rotations = rotations;
    this.audit = audit;
  }

  Optional<Object> trust(Call call) {
    return Optional.of(Trust.ofHosts(authorities.trust()));
  }

  /// For who may `rotate` authorities, or both `create` and `update` them.
  Optional<Object> rotate(Call call) {
    var target = RuleTarget.ofKind(Kind.CERT_AUTHORITY);
    if (!rules.judge(call.caller(), Verb.ROTATE).test(target)) {
      rules.require(call.caller(), Verb.CREATE, target);
      rules.require(call.caller(), Verb.UPDATE, target);
    }
    var changed = rotations.rotate(call.caller(), call.body(RotateRequest.class));
    return Optional.of(ResourceJson.toJson(changed));
  }

  /// A host that is locked or was put out never comes so far. On record before it is handed out.
  Optional<Object> renewHost(Call call) {
    if (!(call.caller() instanceof Caller.Part(VerifiedHost host))) {
      throw new IllegalStateException("the table let a caller in who is no part of the cluster");
    }
    var key = key(call.body(RenewHostRequest.class).publicKey());
    if (key.equals(host.certificate().getPublicKey())) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER, "public_key: a renewed certificate is for a new key");
    }
    var issued = hosts.renewal(host, key);
    audit.hostRenewed(host, issued.fingerprint(), issued.certificate().getNotAfter().toInstant());
    hosts.renewed(host, issued);
    return Optional.of(
        new HostCert(
            Pem.encode(issued.certificate()),
            issued.by().certificatePem(),
            Trust.of(authorities.trust())));
  }

  private static PublicKey key(String pem) {
    try {
      return Pem.publicKey(pem);
    } catch (PemException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "public_key: " + e.getMessage(), e);
    }
  }
}
