package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.ScriptedUpstream;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.pki.Pem;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An upstream over TLS must be who the configuration says: chain and name.
class UpstreamTlsTest {
  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void anEndpointThatItsOwnAuthorityVouchesForIsTrusted(TlsProvider tls) throws Exception {
    var authority = TestAuthority.create();
    try (var stage = stage(tls, authority, "localhost", Optional.of(authority.certificate()));
        var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      assertThat(stage.aws.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void oneWithAnotherNameIsNot(TlsProvider tls) throws Exception {
    var authority = TestAuthority.create();
    assertNotReached(tls, authority, "other.example", Optional.of(authority.certificate()));
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void oneOfAnotherAuthorityIsNot(TlsProvider tls) throws Exception {
    var authority = TestAuthority.create();
    assertNotReached(
        tls, authority, "localhost", Optional.of(TestAuthority.create().certificate()));
    assertNotReached(tls, authority, "localhost", Optional.empty());
  }

  private static void assertNotReached(
      TlsProvider tls, TestAuthority authority, String name, Optional<X509Certificate> trusted)
      throws Exception {
    try (var stage = stage(tls, authority, name, trusted);
        var client = stage.connect(stage.alice())) {
      var answer = client.call("ListTables", "{}");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).contains("cannot reach").doesNotContain("certificate");
      assertThat(stage.aws.seen).isEmpty();
    }
  }

  private static Stage stage(
      TlsProvider tls, TestAuthority authority, String name, Optional<X509Certificate> trusted)
      throws Exception {
    return new Stage(
        tls,
        new ScriptedUpstream(authority.server(name)),
        new DatabaseTls(trusted.map(Pem::encode)),
        "https",
        Stage.PATIENT,
        ConnectionLimits.DEFAULT);
  }
}
