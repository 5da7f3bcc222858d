package dev.sallyport.pki;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.authority.JoinCertificate;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinCertificateTest {
  private static final Cluster OURS = new Cluster("example.com");

  @Test
  void itTellsTheKeyAndProvesNobody() {
    var keys = KeyPairs.generate();
    var identity = JoinCertificate.of(keys, OURS.clock, new SecureRandom());
    assertThat(JoinCertificate.key(identity.chain())).contains(keys.getPublic());
    assertThat(OURS.verifier().user(identity.chain())).isInstanceOf(Verification.Refused.class);
    assertThat(OURS.verifier().webSession(identity.chain()))
        .isInstanceOf(Verification.Refused.class);
    assertThat(OURS.verifier().host(identity.chain(), EnumSet.allOf(SystemRole.class)))
        .isInstanceOf(Verification.Refused.class);
  }

  @Test
  void noOtherCertificateIsOne() {
    var own = JoinCertificate.of(KeyPairs.generate(), OURS.clock, new SecureRandom()).leaf();
    assertThat(JoinCertificate.key(List.of())).isEmpty();
    assertThat(JoinCertificate.key(List.of(own, own))).isEmpty();
    assertThat(JoinCertificate.key(List.of(own, OURS.hosts.certificate()))).isEmpty();
    assertThat(JoinCertificate.key(OURS.user().chain())).isEmpty();
    assertThat(JoinCertificate.key(OURS.host(SystemRole.PROXY).chain())).isEmpty();
    assertThat(JoinCertificate.key(List.of(OURS.hosts.certificate()))).isEmpty();
  }
}
