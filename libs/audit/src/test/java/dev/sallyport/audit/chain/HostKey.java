package dev.sallyport.audit.chain;

import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/// The key and certificate of an agent, made for a test.
public record HostKey(PrivateKey key, X509Certificate certificate) {
  private static final Instant NOW = Instant.parse("2030-01-01T10:00:00.123456Z");

  public static HostKey make() {
    var authority =
        CertificateAuthority.create(CaKind.HOST, "example.com", () -> NOW, new SecureRandom());
    var keys = KeyPairs.generate();
    var certificate =
        authority.issueHost(
            new HostIdentity("example.com", "host-1", SystemRole.DB),
            keys.getPublic(),
            Set.of(),
            Set.of(),
            NOW.plus(Duration.ofDays(1)));
    return new HostKey(keys.getPrivate(), certificate);
  }

  Checkpoint sign(ChainLink link) {
    return Checkpoint.sign(link, NOW, key, certificate);
  }
}
