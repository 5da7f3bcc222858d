package dev.sallyport.resources.config;

import dev.sallyport.model.HostPort;
import dev.sallyport.model.JoinMethod;
import dev.sallyport.model.Quoted;
import dev.sallyport.resources.document.Fields;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads `teleport:`.
final class InstanceReader {
  private static final List<String> JOIN_METHODS =
      List.of(
          "token",
          "ec2",
          "iam",
          "gcp",
          "azure",
          "kubernetes",
          "github",
          "gitlab",
          "circleci",
          "tpm");
  private static final List<String> WITHOUT_EFFECT =
      List.of("advertise_ip", "cache", "ciphersuites", "ciphers");

  private final Fields fields;
  private final boolean v3;

  InstanceReader(Fields fields, String version) {
    this.fields = fields;
    this.v3 = version.equals("v3");
  }

  InstanceSection read() {
    var nodename = fields.text("nodename").filter(text -> !text.isEmpty());
    var dataDir = dataDir();
    var join = join();
    var pins = new CaPinSource(fields.texts("ca_pin"));
    var proxyServer = Addresses.one(fields, "proxy_server", ProxySection.USUAL_PORT);
    var authServer = authServer();
    servers(proxyServer, authServer);
    var diagAddr = Addresses.one(fields, "diag_addr", 3000);
    var pidFile = fields.text("pid_file").filter(text -> !text.isEmpty()).map(Path::of);
    var maxConnections = maxConnections(fields.object("connection_limits"));
    var log = log(fields.object("log"));
    storage(fields.object("storage"));
    fields.ignore("kex_algos", "mac_algos");
    for (var field : fields.present(WITHOUT_EFFECT)) {
      fields.warn(field, "has no effect here");
    }
    fields.finish();
    return new InstanceSection(
        nodename,
        dataDir,
        join,
        pins,
        proxyServer,
        authServer,
        diagAddr,
        pidFile,
        maxConnections,
        log);
  }

  private static int maxConnections(Fields limits) {
    for (var field : limits.present(List.of("max_users", "rates"))) {
      limits.warn(field, "has no effect here");
    }
    var text = limits.text("max_connections").orElse("0");
    limits.finish();
    if (!text.matches("[0-9]{1,6}")) {
      limits.fault("max_connections", "%s (expected: a number)".formatted(Quoted.of(text)));
      return 0;
    }
    return Integer.parseInt(text);
  }

  private Path dataDir() {
    var text = fields.text("data_dir");
    if (text.isPresent() && text.get().isEmpty()) {
      fields.fault("data_dir", "please supply data directory");
      return InstanceSection.USUAL_DATA_DIR;
    }
    if (text.isPresent() && text.get().indexOf('\0') >= 0) {
      fields.fault("data_dir", "%s is no path".formatted(Quoted.of(text.get())));
      return InstanceSection.USUAL_DATA_DIR;
    }
    return text.map(Path::of).orElse(InstanceSection.USUAL_DATA_DIR);
  }

  private Optional<JoinParams> join() {
    var authToken = fields.text("auth_token").filter(text -> !text.isBlank());
    var params = fields.object("join_params");
    var name = params.text("method").filter(text -> !text.isEmpty());
    var token = params.text("token_name").filter(text -> !text.isBlank());
    params.ignore("azure", "token_secret");
    params.finish();
    if (authToken.isPresent() && (name.isPresent() || token.isPresent())) {
      fields.fault("join_params", "only one of auth_token or join_params should be set");
    }
    var method = name.flatMap(JoinMethod::parse).orElse(JoinMethod.TOKEN);
    if (name.isPresent() && JoinMethod.parse(name.get()).isEmpty()) {
      var text = name.get();
      params.fault(
          "method",
          JOIN_METHODS.contains(text)
              ? "join method %s is not supported by this version, supported are: %s"
                  .formatted(Quoted.of(text), JoinMethod.names())
              : "unknown join method %s, known are: %s".formatted(Quoted.of(text), JOIN_METHODS));
    }
    if (method != JoinMethod.TOKEN && token.isEmpty()) {
      params.fault(
          "token_name",
          "must name the token whose allow rules let this host in ('tctl create' makes one)");
    }
    return authToken.or(() -> token).map(text -> new JoinParams(method, TokenSource.of(text)));
  }

  private Optional<HostPort> authServer() {
    var one = Addresses.one(fields, "auth_server", AuthSection.USUAL_PORT);
    var many = Addresses.many(fields, "auth_servers", AuthSection.USUAL_PORT);
    if (v3 && fields.has("auth_servers")) {
      fields.fault(
          "auth_servers",
          "config v3 has replaced auth_servers with either auth_server or proxy_server");
    }
    if (!v3) {
      for (var field : fields.present(List.of("auth_server", "proxy_server"))) {
        fields.fault(
            field, field + " is supported from config version v3 onwards (write 'version: v3')");
      }
    }
    return one.or(() -> many.stream().findFirst());
  }

  private void servers(Optional<HostPort> proxyServer, Optional<HostPort> authServer) {
    if (proxyServer.isPresent() && authServer.isPresent() && fields.has("auth_server")) {
      fields.fault("auth_server", "only one of auth_server or proxy_server should be set");
    }
    if (proxyServer.filter(a -> a.port() == AuthSection.USUAL_PORT).isPresent()) {
      fields.warn(
          "proxy_server",
          "port 3025 looks like the auth port; the Proxy Service usually has 443 or 3080");
    }
    if (authServer.filter(a -> a.port() == 443 || a.port() == 3080).isPresent()) {
      fields.warn(
          fields.has("auth_server") ? "auth_server" : "auth_servers",
          "port %d looks like the proxy port; use proxy_server for it"
              .formatted(authServer.get().port()));
    }
  }

  private static LogSection log(Fields log) {
    var severity = log.text("severity").orElse("INFO").toUpperCase(Locale.ROOT);
    severity =
        switch (severity) {
          case "TRACE", "DEBUG", "INFO", "WARN", "ERROR" -> severity;
          case "WARNING" -> "WARN";
          case "" -> "INFO";
          default -> {
            log.fault(
                "severity",
                "unsupported logger severity: %s (expected: TRACE, DEBUG, INFO, WARN or ERROR)"
                    .formatted(Quoted.of(severity)));
            yield "INFO";
          }
        };
    var format = log.object("format");
    var form = format.text("output").filter(text -> !text.isEmpty()).orElse("text");
    if (!form.equals("text") && !form.equals("json")) {
      format.fault("output", "%s (expected: text or json)".formatted(Quoted.of(form)));
    }
    var extra = format.has("extra_fields") ? format.texts("extra_fields") : LogSection.ALL_FIELDS;
    extra.stream()
        .filter(name -> !LogSection.ALL_FIELDS.contains(name))
        .forEach(name ->
            format.fault(
                "extra_fields",
                "%s (expected: of %s)".formatted(Quoted.of(name), LogSection.ALL_FIELDS)));
    format.finish();
    var output = log.text("output").filter(text -> !text.isEmpty()).orElse("stderr");
    log.finish();
    return new LogSection(output, severity, form, extra);
  }

  /// State lies in `data_dir`, in SQLite; another place would not be used, so it is refused.
  private static void storage(Fields storage) {
    storage
        .text("type")
        .filter(type -> !type.equals("sqlite") && !type.equals("dir"))
        .ifPresent(type ->
            storage.fault(
                "type",
                "%s is not supported by this version, supported are: [sqlite]"
                    .formatted(Quoted.of(type))));
    for (var field : storage.present(List.of("path", "audit_events_uri", "audit_sessions_uri"))) {
      storage.fault(field, "is not supported by this version (state and audit lie in data_dir)");
    }
    for (var field : storage.present(List.of("sync", "journal"))) {
      storage.warn(field, "has no effect here");
    }
    storage.ignore(
        "region",
        "table_name",
        "continuous_backups",
        "auto_scaling",
        "retention_period",
        "poll_stream_period");
    storage.finish();
  }
}
