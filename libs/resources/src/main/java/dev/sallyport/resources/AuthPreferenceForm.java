package dev.sallyport.resources;

import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.Durations;
import dev.sallyport.model.LockingMode;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Origin;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.SecondFactor;
import dev.sallyport.resources.document.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The written form of the preference's `spec`, whose keys also stand in the config file under
/// `auth_service.authentication`, some of them under a shorter name.
public final class AuthPreferenceForm {
  private static final Set<String> OFF = Set.of("", "off", "no", "false", "0", "never");
  private static final Set<String> NEVER = Set.of("", "0", "0s", "never");
  private static final List<String> OTHER =
      List.of("signature_algorithm_suite", "stable_unix_user_config", "idp", "okta", "piv_slot");

  private static final String MESSAGE = "message_of_the_day";
  private static final String CLIENT_IDLE = "client_idle_timeout";
  private static final String IDLE_MESSAGE = "client_idle_timeout_message";
  private static final String WEB_IDLE = "web_idle_timeout";

  private AuthPreferenceForm() {}

  /// Reads what the config file says; it wins over what was stored.
  ///
  /// @param service of which the `authentication` is a part, and which has some keys of its own
  /// @return empty also when none of them is there
  public static Optional<AuthPreference> readConfigured(Fields service) {
    var own =
        service.present(List.of("authentication", MESSAGE, CLIENT_IDLE, IDLE_MESSAGE, WEB_IDLE));
    if (own.isEmpty()) {
      return Optional.empty();
    }
    var section = service.object("authentication");
    if (service.has(MESSAGE) && section.has(MESSAGE)) {
      service.fault(MESSAGE, "stands also in authentication: remove one of the two");
    }
    var metadata = Origin.CONFIG_FILE.mark(Metadata.named(AuthPreference.NAME));
    return read(metadata, section, "", service);
  }

  static Optional<AuthPreference> read(Metadata metadata, Fields spec) {
    return read(metadata, spec, "allow_", spec);
  }

  /// @param prefix of the keys that have one in a resource alone
  /// @param cluster where the keys are that stand a level higher in the config file
  private static Optional<AuthPreference> read(
      Metadata metadata, Fields spec, String prefix, Fields cluster) {
    var before = spec.faults().count();
    var signIn = signIn(spec, prefix);
    var secondFactors = secondFactors(spec);
    var sessions = sessions(spec, cluster);
    var message = text(spec, MESSAGE).or(() -> text(cluster, MESSAGE));
    refuseUnenforced(spec, prefix);
    var other = spec.kept(OTHER);
    spec.finish();
    if (signIn.isEmpty() || secondFactors.isEmpty() || sessions.isEmpty()) {
      return Optional.empty();
    }
    return spec.faults()
        .make(
            before,
            spec,
            () ->
                new AuthPreference(
                    metadata, signIn.get(), secondFactors.get(), sessions.get(), message, other));
  }

  private static Optional<AuthPreference.SignIn> signIn(Fields spec, String prefix) {
    var before = spec.faults().count();
    var usual = AuthPreference.SignIn.DEFAULT;
    var type = text(spec, "type").orElse(usual.type());
    if (!AuthPreference.SignIn.TYPES.contains(type)) {
      spec.fault(
          "type",
          "%s (expected: one of %s)".formatted(Quoted.of(type), AuthPreference.SignIn.TYPES));
    }
    var connector = text(spec, "connector_name");
    var local = spec.flag(prefix + "local_auth", usual.local());
    var passwordless = spec.flag(prefix + "passwordless", usual.passwordless());
    var headless = spec.flag(prefix + "headless", usual.headless());
    return spec.faults()
        .make(
            before,
            spec,
            () -> new AuthPreference.SignIn(type, connector, local, passwordless, headless));
  }

  private static Optional<AuthPreference.SecondFactors> secondFactors(Fields spec) {
    var before = spec.faults().count();
    var webauthn = webauthn(spec);
    var one = spec.text("second_factor").map(text -> text.toLowerCase(Locale.ROOT));
    var several = spec.texts("second_factors");
    if (one.isPresent() && !several.isEmpty()) {
      spec.fault("second_factor", "stands beside second_factors: remove one of the two");
      return Optional.empty();
    }
    var required = !several.isEmpty();
    var allowed = new ArrayList<SecondFactor>();
    for (var name : several) {
      var factor = SecondFactor.parse(name);
      if (factor.isEmpty()) {
        spec.fault(
            "second_factors",
            "%s (expected: of %s)".formatted(Quoted.of(name), names(SecondFactor.values())));
      }
      factor.filter(known -> !allowed.contains(known)).ifPresent(allowed::add);
    }
    if (one.isPresent()) {
      switch (one.get()) {
        case "", "off", "no", "false" -> {}
        case "optional" -> allowed.addAll(List.of(SecondFactor.WEBAUTHN, SecondFactor.OTP));
        case "on", "yes", "true" -> {
          allowed.addAll(List.of(SecondFactor.WEBAUTHN, SecondFactor.OTP));
          required = true;
        }
        case "otp", "webauthn" -> {
          allowed.add(SecondFactor.parse(one.get()).orElseThrow());
          required = true;
        }
        default ->
            spec.fault(
                "second_factor",
                "%s (expected: off, optional, on, otp or webauthn)"
                    .formatted(Quoted.of(one.get())));
      }
    }
    var asked = required;
    return spec.faults()
        .make(before, spec, () -> new AuthPreference.SecondFactors(allowed, asked, webauthn));
  }

  private static Optional<AuthPreference.WebAuthn> webauthn(Fields spec) {
    if (!spec.has("webauthn")) {
      return Optional.empty();
    }
    var fields = spec.object("webauthn");
    var rpId = text(fields, "rp_id");
    rpId.filter(id -> id.contains("/") || id.contains(":") || id.contains(" "))
        .ifPresent(id ->
            fields.fault(
                "rp_id",
                "%s (expected: a host name without scheme and port)".formatted(Quoted.of(id))));
    var allowed = fields.texts("attestation_allowed_cas");
    var denied = fields.texts("attestation_denied_cas");
    if (!allowed.isEmpty() || !denied.isEmpty()) {
      fields.fault(
          allowed.isEmpty() ? "attestation_denied_cas" : "attestation_allowed_cas",
          "would not be enforced by this version: makers of keys are not looked at");
    }
    if (fields.flag("disabled", false)) {
      fields.fault("disabled", "is not supported (leave webauthn out of second_factors)");
    }
    fields.finish();
    return Optional.of(new AuthPreference.WebAuthn(rpId, allowed, denied));
  }

  private static Optional<AuthPreference.Idle> idle(Fields cluster) {
    var before = cluster.faults().count();
    var client = time(cluster, CLIENT_IDLE);
    var web = time(cluster, WEB_IDLE);
    var message = text(cluster, IDLE_MESSAGE);
    return cluster
        .faults()
        .make(before, cluster, () -> new AuthPreference.Idle(client, message, web));
  }

  private static Optional<Duration> time(Fields fields, String field) {
    var text = fields.text(field);
    return text.isEmpty() || NEVER.contains(text.get().toLowerCase(Locale.ROOT))
        ? Optional.empty()
        : fields.duration(field);
  }

  private static Optional<AuthPreference.Sessions> sessions(Fields spec, Fields cluster) {
    var idle = idle(cluster);
    var before = spec.faults().count();
    var usual = AuthPreference.Sessions.DEFAULT;
    var ttl = spec.duration("default_session_ttl").orElse(usual.defaultTtl());
    var mfa = text(spec, "require_session_mfa").map(text -> text.toLowerCase(Locale.ROOT));
    var requireMfa = mfa.map(AuthPreferenceForm::asksForMfa).orElse(false);
    mfa.filter(text -> text.startsWith("hardware_key"))
        .ifPresent(text ->
            spec.fault(
                "require_session_mfa",
                "%s: keys that can't leave a device are not supported (expected: yes or no)"
                    .formatted(Quoted.of(text))));
    var mode = text(spec, "locking_mode");
    var locking = mode.flatMap(LockingMode::parse);
    if (mode.isPresent() && locking.isEmpty()) {
      spec.fault(
          "locking_mode",
          "%s (expected: %s or %s)"
              .formatted(
                  Quoted.of(mode.get()),
                  LockingMode.BEST_EFFORT.wireName(),
                  LockingMode.STRICT.wireName()));
    }
    var disconnect = spec.flag("disconnect_expired_cert", usual.disconnectExpired());
    try {
      var sessions =
          new AuthPreference.Sessions(
              ttl,
              requireMfa,
              locking.orElse(usual.lockingMode()),
              disconnect,
              idle.orElse(AuthPreference.Idle.NEVER));
      return idle.isEmpty() || spec.faults().count() > before
          ? Optional.empty()
          : Optional.of(sessions);
    } catch (IllegalArgumentException e) {
      spec.fault("default_session_ttl", "must be more than 0 and at most 30h");
      return Optional.empty();
    }
  }

  private static boolean asksForMfa(String text) {
    return !OFF.contains(text);
  }

  /// What would promise a safety that this version does not give. A line goes when its check comes.
  private static void refuseUnenforced(Fields spec, String prefix) {
    text(spec, "type")
        .filter(type -> !type.equals(AuthPreference.SignIn.LOCAL))
        .ifPresent(type ->
            spec.fault(
                "type",
                "%s is not supported by this version, supported are: [local]"
                    .formatted(Quoted.of(type))));
    if (!spec.flag(prefix + "local_auth", true)) {
      spec.fault(
          prefix + "local_auth", "without local sign-in nobody could sign in to this version");
    }
    if (spec.texts("second_factors").stream().anyMatch(SecondFactor.SSO.wireName()::equals)) {
      spec.fault("second_factors", "\"sso\" would not be asked for by this version (remove it)");
    }
    var trust = spec.object("device_trust");
    refuse(trust, "mode", "would not be enforced by this version");
    trust.ignore("auto_enroll", "ekcert_allowed_cas");
    trust.finish();
    var hardware = spec.object("hardware_key");
    hardware.ignore("piv_slot", "serial_number_validation", "pin_cache_ttl");
    hardware.finish();
  }

  private static void refuse(Fields fields, String field, String why) {
    text(fields, field)
        .filter(text -> !OFF.contains(text.toLowerCase(Locale.ROOT)) && !text.equals("optional"))
        .ifPresent(text -> fields.fault(field, Quoted.of(text) + " " + why));
  }

  private static Optional<String> text(Fields fields, String field) {
    return fields.text(field).filter(text -> !text.isEmpty());
  }

  private static List<String> names(SecondFactor... factors) {
    return Arrays.stream(factors).map(SecondFactor::wireName).toList();
  }

  static Map<String, Object> write(AuthPreference preference) {
    var spec = new LinkedHashMap<String, Object>();
    var signIn = preference.signIn();
    spec.put("type", signIn.type());
    signIn.connectorName().ifPresent(name -> spec.put("connector_name", name));
    spec.put("allow_local_auth", signIn.local());
    spec.put("allow_passwordless", signIn.passwordless());
    spec.put("allow_headless", signIn.headless());
    write(preference.secondFactors(), spec);
    var sessions = preference.sessions();
    spec.put("require_session_mfa", sessions.requireMfa());
    spec.put("locking_mode", sessions.lockingMode().wireName());
    spec.put("disconnect_expired_cert", sessions.disconnectExpired());
    spec.put("default_session_ttl", Durations.format(sessions.defaultTtl()));
    preference.messageOfTheDay().ifPresent(text -> spec.put(MESSAGE, text));
    var idle = sessions.idle();
    idle.client().ifPresent(time -> spec.put(CLIENT_IDLE, Durations.format(time)));
    idle.message().ifPresent(text -> spec.put(IDLE_MESSAGE, text));
    idle.web().ifPresent(time -> spec.put(WEB_IDLE, Durations.format(time)));
    spec.putAll(preference.other());
    return spec;
  }

  private static void write(AuthPreference.SecondFactors factors, Map<String, Object> spec) {
    if (factors.required()) {
      spec.put("second_factors", factors.allowed().stream().map(SecondFactor::wireName).toList());
    } else {
      spec.put("second_factor", factors.allowed().isEmpty() ? "off" : "optional");
    }
    factors
        .webauthn()
        .ifPresent(webauthn -> {
          var map = new LinkedHashMap<String, Object>();
          webauthn.rpId().ifPresent(id -> map.put("rp_id", id));
          if (!webauthn.attestationAllowed().isEmpty()) {
            map.put("attestation_allowed_cas", webauthn.attestationAllowed());
          }
          if (!webauthn.attestationDenied().isEmpty()) {
            map.put("attestation_denied_cas", webauthn.attestationDenied());
          }
          spec.put("webauthn", map);
        });
  }
}
