package dev.sallyport.resources;

import dev.sallyport.model.Durations;
import dev.sallyport.model.LockingMode;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.resources.document.Fields;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The written form of a role's `spec.options`.
final class RoleOptionsForm {
  private static final Set<String> NEVER = Set.of("0", "0s", "never", "");
  private static final Set<String> NO = Set.of("false", "off", "no", "");
  private static final Set<String> YES = Set.of("true", "on", "yes", "session");

  /// What makes access narrower elsewhere and is obeyed by nothing here, each with the values that
  /// ask for nothing.
  private static final Map<String, Set<String>> UNENFORCED =
      Map.of("device_trust_mode", Set.of("off", "optional", ""), "pin_source_ip", NO);

  private static final Set<String> OTHER_OPTIONS =
      Set.of(
          "forward_agent",
          "port_forwarding",
          "ssh_port_forwarding",
          "permit_x11_forwarding",
          "ssh_file_copy",
          "enhanced_recording",
          "record_session",
          "desktop_clipboard",
          "desktop_directory_sharing",
          "cert_format",
          "cert_extensions",
          "idp",
          "create_host_user",
          "create_host_user_mode",
          "create_host_user_default_shell",
          "create_db_user",
          "create_db_user_mode",
          "create_desktop_user",
          "request_access",
          "request_prompt",
          "max_sessions",
          "max_kubernetes_connections");

  private RoleOptionsForm() {}

  static RoleOptions read(Fields fields) {
    var longest =
        fields
            .duration("max_session_ttl")
            .filter(ttl -> isPositive(fields, "max_session_ttl", ttl))
            .orElse(RoleOptions.MAX_SESSION_TTL);
    UNENFORCED.forEach((name, harmless) ->
        fields
            .text(name)
            .filter(text -> !harmless.contains(text))
            .ifPresent(text -> fields.fault(name, notEnforced(text))));
    var other = fields.kept(new TreeSet<>(OTHER_OPTIONS));
    if (!other.isEmpty()) {
      fields
          .faults()
          .warn(
              fields.at(),
              fields.path(),
              "%s: kept, and without effect here".formatted(String.join(", ", other.keySet())));
    }
    var options =
        new RoleOptions(
            longest,
            timeout(fields, "client_idle_timeout"),
            fields.flag("disconnect_expired_cert", false),
            sessionMfa(fields),
            timeout(fields, "mfa_verification_interval"),
            lock(fields),
            count(fields, "max_connections"),
            fields.flag("ignore_dynamic_labels", false),
            fields.flag("explain_denials", false),
            other);
    fields.finish();
    return options;
  }

  private static boolean isPositive(Fields fields, String name, Duration value) {
    if (value.isPositive()) {
      return true;
    }
    fields.fault(name, "must be more than 0");
    return false;
  }

  private static Optional<Duration> timeout(Fields fields, String name) {
    if (fields.text(name).filter(NEVER::contains).isPresent()) {
      return Optional.empty();
    }
    return fields.duration(name).filter(value -> isPositive(fields, name, value));
  }

  private static boolean sessionMfa(Fields fields) {
    var text = fields.text("require_session_mfa").orElse("");
    if (!YES.contains(text) && !NO.contains(text)) {
      fields.fault("require_session_mfa", notEnforced(text));
    }
    return YES.contains(text);
  }

  private static Optional<LockingMode> lock(Fields fields) {
    var text = fields.text("lock").filter(value -> !value.isEmpty());
    var mode = text.flatMap(LockingMode::parse);
    if (text.isPresent() && mode.isEmpty()) {
      var known = Arrays.stream(LockingMode.values()).map(LockingMode::wireName).toList();
      fields.fault("lock", "%s (expected: one of %s)".formatted(Quoted.of(text.get()), known));
    }
    return mode;
  }

  private static int count(Fields fields, String name) {
    var text = fields.text(name).orElse("0");
    if (text.matches("[0-9]{1,9}")) {
      return Integer.parseInt(text);
    }
    fields.fault(name, "%s (expected: a number, 0 for no limit)".formatted(Quoted.of(text)));
    return 0;
  }

  private static String notEnforced(String text) {
    return Quoted.of(text)
        + " would not be enforced by this version, so a role that asks for it is refused"
        + " (remove the field)";
  }

  static Map<String, Object> write(RoleOptions options) {
    var map = new LinkedHashMap<String, Object>();
    map.put("max_session_ttl", Durations.format(options.maxSessionTtl()));
    options
        .clientIdleTimeout()
        .ifPresent(value -> map.put("client_idle_timeout", Durations.format(value)));
    if (options.disconnectExpiredCert()) {
      map.put("disconnect_expired_cert", true);
    }
    if (options.requireSessionMfa()) {
      map.put("require_session_mfa", true);
    }
    options
        .mfaVerificationInterval()
        .ifPresent(value -> map.put("mfa_verification_interval", Durations.format(value)));
    options.lock().ifPresent(mode -> map.put("lock", mode.wireName()));
    if (options.maxConnections() > 0) {
      map.put("max_connections", options.maxConnections());
    }
    if (options.ignoreDynamicLabels()) {
      map.put("ignore_dynamic_labels", true);
    }
    if (options.explainDenials()) {
      map.put("explain_denials", true);
    }
    map.putAll(options.other());
    return map;
  }
}
