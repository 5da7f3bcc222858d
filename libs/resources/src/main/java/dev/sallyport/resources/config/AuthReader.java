package dev.sallyport.resources.config;

import dev.sallyport.model.Durations;
import dev.sallyport.model.Names;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.SystemRole;
import dev.sallyport.resources.AuthPreferenceForm;
import dev.sallyport.resources.document.Fields;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads `auth_service:`.
final class AuthReader {
  private static final Set<String> OFF = Set.of("", "off", "no", "false", "0", "0s", "never");
  private static final List<String> WITHOUT_EFFECT =
      List.of(
          "session_recording",
          "keep_alive_interval",
          "keep_alive_count_max",
          "tunnel_strategy",
          "license_file",
          "load_all_cas",
          "routing_strategy",
          "ca_key_params");

  private final Fields fields;

  AuthReader(Fields fields) {
    this.fields = fields;
  }

  AuthSection read() {
    fields.ignore("enabled");
    var name = fields.text("cluster_name").filter(text -> !text.isEmpty());
    name.ifPresent(this::checkClusterName);
    var listen = Addresses.listen(fields, "listen_addr", AuthSection.USUAL_PORT);
    var publicAddrs = Addresses.many(fields, "public_addr", AuthSection.USUAL_PORT);
    var tokens = new ArrayList<AuthSection.StaticToken>();
    for (var spec : fields.texts("tokens")) {
      staticToken(spec).ifPresent(tokens::add);
    }
    var authentication = AuthPreferenceForm.readConfigured(fields);
    var breached = path(fields, "breached_passwords");
    var audit = AuthAuditReader.read(fields.object("audit"));
    var ec2Certificates = path(fields, "ec2_certificates");
    var hostCertTtl = fields.duration("host_cert_ttl").filter(this::isLifeOfHost);
    refuse(fields, "proxy_protocol", "is not supported by this version");
    fields
        .text("proxy_listener_mode")
        .filter(mode -> !mode.isEmpty() && !mode.equals("multiplex"))
        .ifPresent(mode ->
            fields.fault(
                "proxy_listener_mode",
                "%s is not supported, supported are: [multiplex]".formatted(Quoted.of(mode))));
    // Holds always: nothing outlives its certificate here.
    fields.ignore("disconnect_expired_cert");
    for (var field : fields.present(WITHOUT_EFFECT)) {
      fields.warn(field, "has no effect here");
    }
    fields.finish();
    return new AuthSection(
        name,
        listen,
        publicAddrs,
        tokens,
        authentication,
        breached,
        audit,
        hostCertTtl,
        ec2Certificates);
  }

  private static Optional<Path> path(Fields fields, String field) {
    return fields
        .text(field)
        .filter(text -> !text.isEmpty())
        .flatMap(text -> {
          if (text.indexOf('\0') >= 0 || !Path.of(text).isAbsolute()) {
            fields.fault(field, "%s (expected: an absolute path)".formatted(Quoted.of(text)));
            return Optional.empty();
          }
          return Optional.of(Path.of(text));
        });
  }

  private boolean isLifeOfHost(Duration ttl) {
    var fits =
        ttl.compareTo(AuthSection.HOST_CERT_TTL_MIN) >= 0
            && ttl.compareTo(AuthSection.HOST_CERT_TTL_MAX) <= 0;
    if (!fits) {
      fields.fault(
          "host_cert_ttl",
          "%s (expected: 1h to 87600h)".formatted(Quoted.of(Durations.format(ttl))));
    }
    return fits;
  }

  private void checkClusterName(String name) {
    try {
      Names.check(name, "cluster name");
    } catch (IllegalArgumentException e) {
      fields.fault("cluster_name", String.valueOf(e.getMessage()));
    }
  }

  private Optional<AuthSection.StaticToken> staticToken(String spec) {
    var colon = spec.indexOf(':');
    var roles = new ArrayList<SystemRole>();
    var right = colon > 0 && colon < spec.length() - 1;
    if (right) {
      for (var name : spec.substring(0, colon).split(",", -1)) {
        var role = SystemRole.parse(name.strip()).filter(r -> r != SystemRole.ADMIN);
        role.ifPresent(roles::add);
        right &= role.isPresent();
      }
    }
    if (!right) {
      // Only what stands before the colon is shown: what follows may be a secret.
      fields.fault(
          "tokens",
          "invalid static token spec: %s (expected: like proxy,db:/path/of/token; roles are Auth,"
                  .formatted(Quoted.of(colon < 0 ? "" : spec.substring(0, colon) + ":…"))
              + " Proxy and Db)");
      return Optional.empty();
    }
    return Optional.of(
        new AuthSection.StaticToken(roles, TokenSource.of(spec.substring(colon + 1))));
  }

  /// A setting that asks for more than is done: only its values that ask for nothing are taken.
  private static void refuse(Fields fields, String field, String why) {
    fields
        .text(field)
        .filter(text -> !OFF.contains(text) && !text.equals("optional"))
        .ifPresent(text -> fields.fault(field, Quoted.of(text) + " " + why));
  }
}
