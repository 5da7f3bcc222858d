package dev.sallyport.resources;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sallyport.model.AuthConnector;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.RoleMapping;
import dev.sallyport.model.Secret;
import dev.sallyport.resources.document.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The written form of a connector's `spec`. Secrets are written when the resource has them; who
/// may not see them must be given one without.
final class ConnectorForm {
  private static final int MAX_PATTERN = 1000;
  private static final int MAX_MAPPINGS = 1000;

  /// What the three kinds call their mappings, and the fields of one.
  private enum Mapping {
    GITHUB("teams_to_roles", "organization", "team"),
    OIDC("claims_to_roles", "claim", "value"),
    SAML("attributes_to_roles", "name", "value");

    final String list;
    final String name;
    final String value;

    Mapping(String list, String name, String value) {
      this.list = list;
      this.name = name;
      this.value = value;
    }

    static Mapping of(Kind kind) {
      return switch (kind) {
        case GITHUB -> GITHUB;
        case OIDC -> OIDC;
        case SAML -> SAML;
        default -> throw new IllegalArgumentException("not a connector: " + kind);
      };
    }
  }

  private final Kind kind;
  private final Metadata metadata;
  private final Fields spec;
  private final Map<String, Object> settings = new LinkedHashMap<>();
  private final Map<String, Secret> secrets = new LinkedHashMap<>();

  private ConnectorForm(Kind kind, Metadata metadata, Fields spec) {
    this.kind = kind;
    this.metadata = metadata;
    this.spec = spec;
  }

  static Optional<AuthConnector> read(Kind kind, Metadata metadata, Fields spec) {
    return new ConnectorForm(kind, metadata, spec).read();
  }

  private Optional<AuthConnector> read() {
    var before = spec.faults().count();
    switch (Mapping.of(kind)) {
      case GITHUB -> github();
      case OIDC -> oidc();
      case SAML -> saml();
    }
    redirectSettings();
    texts("user_matchers");
    var display = spec.text("display").orElse("");
    var mappings = mappings();
    spec.finish();
    return spec.faults()
        .make(
            before,
            spec,
            () -> new AuthConnector(kind, metadata, display, mappings, settings, secrets));
  }

  private void github() {
    required("client_id");
    secret(spec, "client_secret", "client_secret");
    url("redirect_url", true);
    url("endpoint_url", false);
    url("api_endpoint_url", false);
    if (spec.has("teams_to_logins")) {
      spec.fault("teams_to_logins", "is not supported any more (write teams_to_roles)");
    }
  }

  private void oidc() {
    required("client_id");
    secret(spec, "client_secret", "client_secret");
    secret(spec, "google_service_account", "google_service_account");
    url("issuer_url", true);
    var redirects = spec.texts("redirect_url");
    if (redirects.isEmpty()) {
      spec.fault("redirect_url", "is missing");
    }
    redirects.forEach(url -> checkUrl(spec, "redirect_url", url));
    settings.put("redirect_url", redirects);
    oneOf("pkce_mode", "enabled", "disabled");
    flag("allow_unverified_email");
    spec.duration("max_age").ifPresent(_ -> keep("max_age"));
    // An empty one asks the provider for none; an absent one leaves it to us.
    spec.text("prompt").ifPresent(text -> settings.put("prompt", text));
    keep("acr_values", "provider", "username_claim");
    keep("google_service_account_uri", "google_admin_email");
    texts("scope");
    if (spec.has("mfa")) {
      var mfa = spec.object("mfa");
      secret(mfa, "client_secret", "mfa.client_secret");
      mfa.flag("enabled", false);
      settings.put(
          "mfa", mfa.kept(List.of("enabled", "client_id", "acr_values", "prompt", "max_age")));
      mfa.finish();
    }
  }

  private void saml() {
    url("acs", true);
    url("sso", false);
    url("entity_descriptor_url", false);
    url("single_logout_url", false);
    keep("entity_descriptor", "issuer", "cert", "audience", "service_provider_issuer", "provider");
    oneOf("preferred_request_binding", "http-redirect", "http-post");
    flag("allow_idp_initiated");
    if (spec.has("force_authn")) {
      oneOf("force_authn", "yes", "no", "true", "false", "unspecified");
    }
    var described =
        settings.containsKey("entity_descriptor") || settings.containsKey("entity_descriptor_url");
    // Both may be there: what was fetched from the address is kept beside it, and comes back so.
    if (!described
        && !(settings.containsKey("issuer")
            && settings.containsKey("sso")
            && settings.containsKey("cert"))) {
      spec.fault(
          "entity_descriptor",
          "is missing (or entity_descriptor_url, or all of issuer, sso and cert)");
    }
    pair("signing_key_pair");
    pair("assertion_key_pair");
    if (spec.has("mfa")) {
      var mfa = spec.object("mfa");
      mfa.flag("enabled", false);
      settings.put(
          "mfa",
          mfa.kept(
              List.of(
                  "enabled",
                  "entity_descriptor",
                  "entity_descriptor_url",
                  "cert",
                  "issuer",
                  "sso",
                  "force_authn")));
      mfa.finish();
    }
  }

  private void pair(String field) {
    if (!spec.has(field)) {
      return;
    }
    var pair = spec.object(field);
    var cert = pair.requiredText("cert");
    settings.put(field, Map.of("cert", cert));
    secret(pair, "private_key", field + ".private_key");
    pair.finish();
  }

  private void redirectSettings() {
    if (!spec.has("client_redirect_settings")) {
      return;
    }
    var fields = spec.object("client_redirect_settings");
    var kept = new LinkedHashMap<String, Object>();
    for (var list : List.of("allowed_https_hostnames", "insecure_allowed_cidr_ranges")) {
      var values = fields.texts(list);
      if (!values.isEmpty()) {
        kept.put(list, values);
      }
    }
    fields.finish();
    settings.put("client_redirect_settings", kept);
  }

  private List<RoleMapping> mappings() {
    var form = Mapping.of(kind);
    var mappings = new ArrayList<RoleMapping>();
    for (var fields : spec.objects(form.list)) {
      var before = spec.faults().count();
      var name = fields.requiredText(form.name);
      var value = fields.requiredText(form.value);
      var groups = groups(fields, form.value, value);
      var roles = fields.texts("roles");
      groups.ifPresent(known ->
          roles.forEach(role ->
              known
                  .problem(role, form.value, value)
                  .ifPresent(problem -> fields.fault("roles", problem))));
      if (roles.isEmpty()) {
        fields.fault("roles", "is missing");
      }
      fields.finish();
      if (spec.faults().count() == before) {
        mappings.add(new RoleMapping(name, value, roles));
      }
    }
    if (mappings.size() > MAX_MAPPINGS) {
      spec.fault(form.list, "%d entries (at most %d)".formatted(mappings.size(), MAX_MAPPINGS));
    }
    if (!spec.has(form.list)) {
      spec.fault(form.list, "is missing (without it nobody would get a role)");
    }
    return mappings;
  }

  /// The groups of a value; none, and a fault, when it can't be read.
  private static Optional<MappingReferences> groups(Fields fields, String field, String value) {
    if (!value.startsWith("^") || !value.endsWith("$")) {
      return Optional.of(MappingReferences.ofText(value));
    }
    if (value.length() > MAX_PATTERN) {
      fields.fault(
          field, "a pattern of %d characters (at most %d)".formatted(value.length(), MAX_PATTERN));
      return Optional.empty();
    }
    try {
      return Optional.of(MappingReferences.ofExpression(Pattern.compile(value)));
    } catch (PatternSyntaxException e) {
      fields.fault(
          field, "%s is not a pattern: %s".formatted(Quoted.of(value), e.getDescription()));
      return Optional.empty();
    }
  }

  private void required(String field) {
    settings.put(field, spec.requiredText(field));
  }

  private void keep(String... fields) {
    for (var field : fields) {
      spec.text(field).filter(text -> !text.isEmpty()).ifPresent(text -> settings.put(field, text));
    }
  }

  private void texts(String field) {
    var texts = spec.texts(field);
    if (!texts.isEmpty()) {
      settings.put(field, texts);
    }
  }

  private void flag(String field) {
    if (spec.has(field)) {
      settings.put(field, spec.flag(field, false));
    }
  }

  private void oneOf(String field, String... values) {
    spec.text(field)
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> {
          if (!List.of(values).contains(text)) {
            spec.fault(
                field, "%s (expected: one of %s)".formatted(Quoted.of(text), List.of(values)));
          }
          settings.put(field, text);
        });
  }

  private void url(String field, boolean required) {
    var url = required ? spec.requiredText(field) : spec.text(field).orElse("");
    if (!url.isEmpty()) {
      checkUrl(spec, field, url);
      settings.put(field, url);
    }
  }

  /// Secrets and sign-ins travel there, so nothing but HTTPS is taken.
  private static void checkUrl(Fields fields, String field, String url) {
    if (!url.matches("https://[A-Za-z0-9.\\[\\]:-]+(/\\S*)?")) {
      fields.fault(field, "%s (expected: an https address)".formatted(Quoted.of(url)));
    }
  }

  /// What is wrong with a secret is told without it.
  private void secret(Fields fields, String field, String path) {
    fields
        .text(field)
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> secrets.put(path, Secret.of(text)));
  }

  static Map<String, Object> write(AuthConnector connector) {
    var form = Mapping.of(connector.kind());
    var spec = new LinkedHashMap<String, Object>();
    if (!connector.display().isEmpty()) {
      spec.put("display", connector.display());
    }
    connector.settings().forEach(spec::put);
    new TreeMap<>(connector.secrets()).forEach((path, secret) -> put(spec, path, secret));
    spec.put(
        form.list,
        connector.mappings().stream()
            .map(mapping -> {
              var map = new LinkedHashMap<String, Object>();
              map.put(form.name, mapping.name());
              map.put(form.value, mapping.value());
              map.put("roles", mapping.roles());
              return map;
            })
            .toList());
    return spec;
  }

  private static void put(Map<String, Object> spec, String path, Secret secret) {
    var dot = path.indexOf('.');
    if (dot < 0) {
      spec.put(path, secret.reveal());
      return;
    }
    var field = path.substring(0, dot);
    var inner = new LinkedHashMap<String, Object>();
    if (spec.get(field) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> inner.put(String.valueOf(key), value));
    }
    inner.put(path.substring(dot + 1), secret.reveal());
    spec.put(field, inner);
  }
}
