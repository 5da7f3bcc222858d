package dev.sallyport.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.LockingMode;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Origin;
import dev.sallyport.model.SecondFactor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthPreferenceFormTest {
  private static final String HEAD = "kind: cap\nversion: v2\nspec:\n";

  private static AuthPreference read(String spec) {
    return (AuthPreference) ResourceReader.read(HEAD + spec.indent(2), "cap.yaml").getFirst();
  }

  @Test
  void locking_is_strict_unless_somebody_took_the_risk() {
    assertThat(read("type: local").sessions().lockingMode()).isEqualTo(LockingMode.STRICT);
    assertThat(read("locking_mode: strict").sessions().lockingMode()).isEqualTo(LockingMode.STRICT);
    assertThat(read("locking_mode: best_effort").sessions().lockingMode())
        .isEqualTo(LockingMode.BEST_EFFORT);
  }

  @Test
  void all_keys_are_kept() {
    var preference =
        read(
            """
            type: local
            connector_name: okta
            allow_local_auth: true
            allow_passwordless: false
            allow_headless: no
            second_factor: off
            webauthn: {rp_id: example.com}
            require_session_mfa: false
            locking_mode: best_effort
            disconnect_expired_cert: true
            default_session_ttl: 8h
            message_of_the_day: Be kind.
            device_trust: {mode: "off"}
            signature_algorithm_suite: balanced-v1
            idp: {saml: {enabled: true}}
            """);
    assertThat(preference)
        .isEqualTo(
            new AuthPreference(
                Metadata.named(AuthPreference.NAME),
                new AuthPreference.SignIn("local", Optional.of("okta"), true, false, false),
                new AuthPreference.SecondFactors(
                    List.of(),
                    false,
                    Optional.of(
                        new AuthPreference.WebAuthn(
                            Optional.of("example.com"), List.of(), List.of()))),
                new AuthPreference.Sessions(
                    Duration.ofHours(8), false, LockingMode.BEST_EFFORT, true),
                Optional.of("Be kind."),
                Map.of(
                    "signature_algorithm_suite",
                    "balanced-v1",
                    "idp",
                    Map.of("saml", Map.of("enabled", true)))));
    assertThat(ResourceReader.read(ResourceYaml.print(List.of(preference)), "again"))
        .isEqualTo(List.of(preference));
  }

  @Test
  void what_nobody_uses_ends_when_the_cluster_says() {
    var preference =
        read(
            """
            client_idle_timeout: 15m
            client_idle_timeout_message: The coffee was too long.
            web_idle_timeout: 10m
            """);
    assertThat(preference.sessions().idle())
        .isEqualTo(
            new AuthPreference.Idle(
                Optional.of(Duration.ofMinutes(15)),
                Optional.of("The coffee was too long."),
                Optional.of(Duration.ofMinutes(10))));
    assertThat(ResourceReader.read(ResourceYaml.print(List.of(preference)), "again"))
        .isEqualTo(List.of(preference));
    assertThat(read("{client_idle_timeout: never, web_idle_timeout: 0}").sessions().idle())
        .isEqualTo(AuthPreference.Idle.NEVER);
  }

  @Test
  void an_empty_one_is_the_default_but_for_its_origin() {
    assertThat(read("{}").withMetadata(AuthPreference.DEFAULT.metadata()))
        .isEqualTo(AuthPreference.DEFAULT);
    assertThat(Origin.of(AuthPreference.DEFAULT.metadata())).contains(Origin.DEFAULTS);
    assertThat(ResourceReader.read(ResourceYaml.print(List.of(AuthPreference.DEFAULT)), "d"))
        .isEqualTo(List.of(AuthPreference.DEFAULT));
  }

  @Test
  void what_is_required_follows_from_either_key() {
    assertThat(read("second_factor: on").secondFactors())
        .isEqualTo(read("second_factors: [webauthn, otp]").secondFactors());
    var otp = read("second_factor: otp").secondFactors();
    assertThat(otp).isEqualTo(read("second_factors: [otp]").secondFactors());
    assertThat(otp.required()).isTrue();
    assertThat(read("require_session_mfa: yes").sessions().requireMfa()).isTrue();
  }

  @Test
  void an_optional_second_factor_is_one_that_only_who_has_it_is_asked_for() {
    var factors = read("second_factor: optional").secondFactors();
    assertThat(factors.allowed()).containsExactly(SecondFactor.WEBAUTHN, SecondFactor.OTP);
    assertThat(factors.required()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "type: kerberos~spec.type: \"kerberos\" (expected: one of [local, github, saml, oidc])",
        "second_factor: maybe~spec.second_factor: \"maybe\" (expected: off, optional, on, otp or",
        "{second_factor: off, second_factors: [otp]}~spec.second_factor: stands beside",
        "second_factors: [sso]~spec.second_factors: \"sso\" would not be asked for",
        "webauthn: {attestation_denied_cas: [a]}~spec.webauthn.attestation_denied_cas: would not",
        "second_factors: [u2f]~spec.second_factors: \"u2f\" (expected: of [otp, webauthn, sso])",
        "locking_mode: lax~spec.locking_mode: \"lax\" (expected: best_effort or strict)",
        "require_session_mfa: hardware_key_touch~spec.require_session_mfa: \"hardware_key_touch\"",
        "default_session_ttl: 31h~spec.default_session_ttl: must be more than 0 and at most 30h",
        "default_session_ttl: 0s~spec.default_session_ttl: must be more than 0 and at most 30h",
        "webauthn: {rp_id: 'https://x'}~spec.webauthn.rp_id: \"https://x\" (expected: a host name",
        "device_trust: {mode: required}~spec.device_trust.mode: \"required\" would not be enforced",
        "lockin_mode: strict~spec.lockin_mode: unknown key, did you mean \"locking_mode\"?"
      })
  void what_is_wrong_is_told_with_its_field(String spec, String message) {
    assertThatThrownBy(() -> read(spec))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining("cap.yaml: line ")
        .hasMessageContaining(message);
  }

  @Test
  void there_is_one_name() {
    assertThatThrownBy(
            () -> ResourceReader.read("kind: cap\nmetadata: {name: mine}\nspec: {}", "cap.yaml"))
        .hasMessageContaining("metadata.name: \"mine\" (expected: cluster-auth-preference)");
  }
}
