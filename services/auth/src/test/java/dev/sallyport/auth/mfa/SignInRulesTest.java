package dev.sallyport.auth.mfa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.RelyingParty;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What the settings of a cluster come to.
final class SignInRulesTest {
  private static final Optional<RelyingParty> PARTY =
      Optional.of(new RelyingParty("example.com", Set.of("https://example.com")));

  @Test
  void passkeyAloneIsEnoughOnlyWhereLocalSignInIsOn() {
    assertThat(new SignInRules(true, true, true, false, true, PARTY).withoutPassword()).isTrue();
    assertThat(new SignInRules(false, true, true, false, true, PARTY).withoutPassword()).isFalse();
    assertThat(new SignInRules(true, true, true, false, false, PARTY).withoutPassword()).isFalse();
    assertThat(new SignInRules(true, true, false, false, true, PARTY).withoutPassword()).isFalse();
  }
}
