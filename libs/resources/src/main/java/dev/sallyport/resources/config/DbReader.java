package dev.sallyport.resources.config;

import dev.sallyport.model.AllowedHost;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseMatcher;
import dev.sallyport.model.DatabaseRules;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Quoted;
import dev.sallyport.resources.DatabaseForm;
import dev.sallyport.resources.DynamicLabelForm;
import dev.sallyport.resources.document.Fields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Reads `db_service:`.
final class DbReader {
  private DbReader() {}

  static DbSection read(Fields fields) {
    var enabled = fields.flag("enabled", false);
    var databases = new ArrayList<Database>();
    var names = new HashSet<String>();
    for (var entry : fields.objects("databases")) {
      var database = database(entry);
      database.ifPresent(databases::add);
      if (database.isPresent() && !names.add(database.get().name())) {
        entry.fault("name", "database %s comes twice".formatted(Quoted.of(database.get().name())));
      }
    }
    var matchers = matchers(fields);
    for (var field : fields.present(List.of("aws", "azure"))) {
      fields.warn(
          field,
          "has no effect: DynamoDB is not discovered; name databases under 'databases', or choose"
              + " those of the cluster under 'resources'");
    }
    if (enabled && databases.isEmpty() && matchers.isEmpty()) {
      fields.warn(
          "databases", "there are none, nor 'resources', so this service has nothing to do");
    }
    var audit = DbAuditReader.read(fields.object("audit"));
    var limits = DbLimitsReader.read(fields.object("limits"));
    fields.finish();
    return new DbSection(databases, matchers, limits, audit);
  }

  private static List<DatabaseMatcher> matchers(Fields fields) {
    var matchers = new ArrayList<DatabaseMatcher>();
    for (var entry : fields.objects("resources")) {
      var before = entry.faults().count();
      var labels = new LabelSelector(entry.textsMap("labels"));
      if (labels.isEmpty()) {
        entry.warn("labels", "are none, so this chooses nothing; write '*': '*' for all");
      }
      var aws = entry.object("aws");
      var role = aws.text("assume_role_arn").filter(text -> !text.isEmpty());
      var external = aws.text("external_id").filter(text -> !text.isEmpty());
      aws.finish();
      var hosts = entry.texts("allow_hosts");
      entry.finish();
      entry
          .faults()
          .make(
              before,
              entry,
              () ->
                  new DatabaseMatcher(
                      labels, role, external, hosts.stream().map(AllowedHost::parse).toList()))
          .ifPresent(matchers::add);
    }
    return matchers;
  }

  private static Optional<Database> database(Fields fields) {
    var before = fields.faults().count();
    var name = fields.requiredText("name");
    var protocol = fields.requiredText("protocol");
    var description = fields.text("description");
    var uri = fields.text("uri").filter(text -> !text.isEmpty());
    var others = DatabaseForm.serviceUris(fields);
    var labels = fields.textMap("static_labels");
    var commands = DynamicLabelForm.readList(fields);
    var aws = DatabaseForm.aws(fields.object("aws"));
    var tls = tls(fields);
    DatabaseForm.refuseUnsupported(name, fields);
    fields.ignore("mysql", "gcp", "azure", "ad", "oracle", "mongo_atlas");
    fields.finish();
    return aws.flatMap(where ->
        fields
            .faults()
            .make(
                before,
                fields,
                () -> {
                  DatabaseRules.check(name, protocol, uri, others, where);
                  var metadata =
                      new Metadata(name, description, labels, Optional.empty(), Optional.empty());
                  return new Database(metadata, protocol, uri, where, tls, commands, others);
                }));
  }

  private static DatabaseTls tls(Fields fields) {
    var tls = fields.object("tls");
    DatabaseForm.checkTls(tls);
    var pem = CaFile.read(tls, "ca_cert_file").or(() -> CaFile.read(fields, "ca_cert_file"));
    fields.ignore("ca_cert_file");
    tls.finish();
    return new DatabaseTls(pem);
  }
}
