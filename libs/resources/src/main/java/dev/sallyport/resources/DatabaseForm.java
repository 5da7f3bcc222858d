package dev.sallyport.resources;

import dev.sallyport.model.AwsSessionMarks;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.ServiceUris;
import dev.sallyport.resources.document.DocumentNode;
import dev.sallyport.resources.document.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The written form of a database's `spec`, of which parts also stand in the config file.
public final class DatabaseForm {
  /// What databases of other kinds have.
  private static final List<String> OTHERS =
      List.of("mysql", "gcp", "azure", "ad", "oracle", "mongo_atlas");

  private static final List<String> OTHERS_AT_AWS =
      List.of(
          "redshift",
          "redshift_serverless",
          "rds",
          "rdsproxy",
          "elasticache",
          "memorydb",
          "opensearch",
          "docdb",
          "secret_store");

  private DatabaseForm() {}

  static Optional<Database> read(Metadata metadata, Fields spec) {
    var before = spec.faults().count();
    var protocol = spec.requiredText("protocol");
    var uri = spec.text("uri").filter(text -> !text.isEmpty());
    var others = serviceUris(spec);
    var aws = aws(spec.object("aws"));
    var tls = tls(spec);
    var labels = DynamicLabelForm.read(spec);
    refuseUnsupported(metadata.name(), spec);
    leaveOut(spec, OTHERS);
    spec.finish();
    return aws.flatMap(where ->
        spec.faults()
            .make(
                before,
                spec,
                () -> new Database(metadata, protocol, uri, where, tls, labels, others)));
  }

  /// The endpoints of the services beside DynamoDB.
  public static ServiceUris serviceUris(Fields fields) {
    return new ServiceUris(
        fields.text("streams_uri").filter(text -> !text.isEmpty()),
        fields.text("dax_uri").filter(text -> !text.isEmpty()));
  }

  /// The fields under `aws`.
  public static Optional<DatabaseAws> aws(Fields fields) {
    var before = fields.faults().count();
    leaveOut(fields, OTHERS_AT_AWS);
    fields.ignore("iam_policy_status");
    var region = fields.text("region").orElse("");
    var account = fields.text("account_id").orElse("");
    var assumed = fields.text("assume_role_arn").filter(text -> !text.isEmpty());
    var external = fields.text("external_id").filter(text -> !text.isEmpty());
    var tags = fields.textMap("session_tags");
    var fromTraits = fields.textMap("session_tags_from_traits");
    var source = fields.flag("source_identity", false);
    var endpoints = AwsEndpointForm.read(fields);
    fields.finish();
    return fields
        .faults()
        .make(
            before,
            fields,
            () ->
                new DatabaseAws(
                    region,
                    account,
                    assumed,
                    external,
                    new AwsSessionMarks(tags, fromTraits, source),
                    endpoints));
  }

  /// Tells that something is left out. Empty ones are no news: Teleport prints them all.
  private static void leaveOut(Fields fields, List<String> names) {
    for (var name : names) {
      fields
          .node(name)
          .filter(DatabaseForm::saysSomething)
          .ifPresent(_ -> fields.warn(name, "means nothing to DynamoDB, and is left out"));
    }
    fields.ignore(names.toArray(String[]::new));
  }

  private static boolean saysSomething(DocumentNode node) {
    return switch (node) {
      case DocumentNode.Entries entries ->
          entries.values().values().stream().anyMatch(entry -> saysSomething(entry.value()));
      case DocumentNode.Items items ->
          items.values().stream().anyMatch(DatabaseForm::saysSomething);
      case DocumentNode.Text text ->
          !text.isNothing()
              && !text.value().isEmpty()
              && !(text.plain() && List.of("false", "0").contains(text.value()));
    };
  }

  /// Makes a fault of what other databases of the same config file can have and this one can't.
  public static void refuseUnsupported(String name, Fields fields) {
    var admin = fields.object("admin_user");
    var adminName = admin.text("name").orElse("");
    admin.ignore("default_database");
    admin.finish();
    if (!adminName.isEmpty()) {
      fields.fault(
          "admin_user",
          "cannot set admin user on database %s: DynamoDB has no users of its own"
              .formatted(Quoted.of(name)));
    }
  }

  /// Refuses what would weaken the check of the endpoint's certificate.
  public static void checkTls(Fields tls) {
    tls.text("mode")
        .filter(mode -> !mode.isEmpty() && !mode.equals("verify-full"))
        .ifPresent(mode ->
            tls.fault(
                "mode",
                "%s is not supported, supported are: [verify-full]".formatted(Quoted.of(mode))));
    if (tls.has("server_name")) {
      tls.fault("server_name", "is not supported (the name in the uri is checked)");
    }
    if (tls.flag("trust_system_cert_pool", false)) {
      tls.fault(
          "trust_system_cert_pool",
          "is not supported (the system's authorities are trusted when no other is named)");
    }
  }

  private static DatabaseTls tls(Fields spec) {
    var tls = spec.object("tls");
    checkTls(tls);
    var authority = tls.text("ca_cert").or(() -> spec.text("ca_cert"));
    spec.ignore("ca_cert");
    tls.finish();
    return new DatabaseTls(authority.filter(text -> !text.isEmpty()));
  }

  static Map<String, Object> write(Database database) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("protocol", database.protocol());
    database.uri().ifPresent(text -> spec.put("uri", text));
    database.serviceUris().streams().ifPresent(text -> spec.put("streams_uri", text));
    database.serviceUris().dax().ifPresent(text -> spec.put("dax_uri", text));
    database.tls().caCertPem().ifPresent(pem -> spec.put("tls", Map.of("ca_cert", pem)));
    var aws = new LinkedHashMap<String, Object>();
    aws.put("region", database.aws().region());
    aws.put("account_id", database.aws().accountId());
    database.aws().assumeRoleArn().ifPresent(text -> aws.put("assume_role_arn", text));
    database.aws().externalId().ifPresent(text -> aws.put("external_id", text));
    var marks = database.aws().marks();
    if (!marks.tags().isEmpty()) {
      aws.put("session_tags", marks.tags());
    }
    if (!marks.traitTags().isEmpty()) {
      aws.put("session_tags_from_traits", marks.traitTags());
    }
    if (marks.sourceIdentity()) {
      aws.put("source_identity", true);
    }
    AwsEndpointForm.write(database.aws().endpoints(), aws);
    spec.put("aws", aws);
    if (!database.dynamicLabels().isEmpty()) {
      spec.put("dynamic_labels", DynamicLabelForm.write(database.dynamicLabels()));
    }
    return spec;
  }

  static Optional<DatabaseServer> readServer(Metadata metadata, Fields spec) {
    var before = spec.faults().count();
    spec.ignore("proxy_ids");
    var version = spec.text("version").orElse("");
    var hostname = spec.text("hostname").orElse("");
    var hostId = spec.requiredText("host_id");
    var database =
        ResourceReader.read(spec.object("database"))
            .flatMap(resource -> {
              if (resource instanceof Database db) {
                return Optional.of(db);
              }
              spec.fault("database", "is not of kind db");
              return Optional.empty();
            });
    var rotation = spec.object("rotation");
    var phase = RotationForm.phase(rotation);
    rotation.ignore("state");
    rotation.finish();
    spec.finish();
    return database.flatMap(db ->
        spec.faults()
            .make(
                before,
                spec,
                () ->
                    new DatabaseServer(
                        metadata, hostId, hostname, version, db, phase, Optional.empty())));
  }

  static Map<String, Object> writeServer(DatabaseServer server) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("version", server.version());
    spec.put("hostname", server.hostname());
    spec.put("host_id", server.hostId());
    server.rotation().ifPresent(phase -> spec.put("rotation", Map.of("phase", phase.wireName())));
    spec.put("database", ResourceTree.of(server.database()));
    return spec;
  }
}
