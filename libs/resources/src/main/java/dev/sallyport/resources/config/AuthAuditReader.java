package dev.sallyport.resources.config;

import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.InvalidRoleArn;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.RoleArn;
import dev.sallyport.resources.config.AuthAudit.S3;
import dev.sallyport.resources.config.AuthAudit.Syslog;
import dev.sallyport.resources.document.Fields;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads `auth_service.audit:`.
final class AuthAuditReader {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9!_.*'()/-]{0,512}");
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");

  private AuthAuditReader() {}

  static AuthAudit read(Fields fields) {
    var usual = AuthAudit.DEFAULT;
    var audit =
        new AuthAudit(
            BoundedFields.time(
                fields,
                "keep_for",
                AuthAudit.KEEP_FOR_MIN,
                AuthAudit.KEEP_FOR_MAX,
                usual.keepFor()),
            BoundedFields.size(
                fields,
                "keep_size",
                AuthAudit.KEEP_BYTES_MIN,
                AuthAudit.KEEP_BYTES_MAX,
                usual.keepBytes()),
            files(fields.object("file")),
            fields.flag("stdout", false),
            fields.has("syslog") ? syslog(fields.object("syslog")) : Optional.empty(),
            fields.has("s3") ? s3(fields.object("s3")) : Optional.empty());
    fields.finish();
    return audit;
  }

  private static Optional<AuthAudit.Files> files(Fields fields) {
    var usual = AuthAudit.Files.DEFAULT;
    var enabled = fields.flag("enabled", true);
    var files =
        new AuthAudit.Files(
            folder(fields),
            BoundedFields.size(
                fields,
                "rotate_size",
                AuthAudit.Files.ROTATE_BYTES_MIN,
                AuthAudit.Files.ROTATE_BYTES_MAX,
                usual.rotateBytes()),
            BoundedFields.time(
                fields,
                "rotate_after",
                AuthAudit.Files.ROTATE_AFTER_MIN,
                AuthAudit.Files.ROTATE_AFTER_MAX,
                usual.rotateAfter()),
            BoundedFields.count(
                fields, "keep_files", 1, AuthAudit.Files.KEEP_FILES_MAX, usual.keepFiles()));
    fields.finish();
    return enabled ? Optional.of(files) : Optional.empty();
  }

  private static Optional<Path> folder(Fields fields) {
    var text = fields.text("dir").filter(path -> !path.isEmpty());
    try {
      var folder = text.map(Path::of);
      if (folder.isEmpty() || folder.get().isAbsolute()) {
        return folder;
      }
    } catch (InvalidPathException e) {
      // Said below.
    }
    fields.fault("dir", "%s (expected: an absolute path)".formatted(Quoted.of(text.orElse(""))));
    return Optional.empty();
  }

  private static Optional<Syslog> syslog(Fields fields) {
    var transport =
        BoundedFields.choice(fields, "transport", Syslog.Transport.values())
            .orElse(Syslog.Transport.TLS);
    var tls = transport == Syslog.Transport.TLS;
    var port = tls ? Syslog.TLS_PORT : Syslog.USUAL_PORT;
    var present = !fields.requiredText("address").isEmpty();
    var address =
        present
            ? Addresses.one(fields, "address", port)
            : Optional.<dev.sallyport.model.HostPort>empty();
    var facility = BoundedFields.count(fields, "facility", 0, Syslog.FACILITY_MAX, Syslog.FACILITY);
    var most =
        transport == Syslog.Transport.UDP ? Syslog.DATAGRAM_BYTES_MAX : Syslog.MESSAGE_BYTES_MAX;
    var messageBytes =
        (int)
            BoundedFields.size(
                fields, "message_limit", Syslog.MESSAGE_BYTES_MIN, most, transport.messageBytes());
    var authority = CaFile.read(fields, "ca_file");
    if (authority.isPresent() && !tls) {
      fields.fault("ca_file", "has an effect with transport tls only");
    }
    fields.finish();
    return address.map(where -> new Syslog(where, transport, facility, messageBytes, authority));
  }

  private static Optional<S3> s3(Fields fields) {
    var before = fields.faults().count();
    var bucket =
        checked(fields, "bucket", fields.requiredText("bucket"), BUCKET, "a bucket's name");
    var prefix =
        checked(fields, "prefix", fields.text("prefix").orElse(""), PREFIX, "a key's begin");
    var endpoint = endpoint(fields);
    var region =
        endpoint.isPresent()
            ? fields.text("region").orElse(S3.NO_REGION)
            : fields.requiredText("region");
    checked(fields, "region", region, REGION, "like us-east-1");
    var s3 =
        new S3(
            bucket,
            prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/",
            region,
            endpoint,
            fields.flag("path_style", false),
            BoundedFields.size(
                fields, "batch_size", S3.BATCH_BYTES_MIN, S3.BATCH_BYTES_MAX, S3.BATCH_BYTES),
            BoundedFields.time(fields, "every", S3.EVERY_MIN, S3.EVERY_MAX, S3.EVERY),
            CaFile.read(fields, "ca_file"),
            role(fields));
    fields.finish();
    return fields.faults().count() == before ? Optional.of(s3) : Optional.empty();
  }

  private static Optional<S3.WriterRole> role(Fields fields) {
    var arn = fields.text("assume_role_arn").filter(text -> !text.isEmpty());
    var external = fields.text("external_id").filter(text -> !text.isEmpty());
    try {
      if (arn.isPresent()) {
        RoleArn.parse(arn.get());
      }
    } catch (InvalidRoleArn e) {
      fields.fault(
          "assume_role_arn",
          e.getMessage() + " (expected: like arn:aws:iam::123456789012:role/Name)");
    }
    external
        .flatMap(DatabaseAws::faultOfExternalId)
        .ifPresent(fault -> fields.fault("external_id", fault));
    if (external.isPresent() && arn.isEmpty()) {
      fields.fault("external_id", "needs assume_role_arn, to which it belongs");
    }
    return arn.map(it -> new S3.WriterRole(it, external));
  }

  private static String checked(
      Fields fields, String field, String text, Pattern form, String expected) {
    if (!text.isEmpty() && !form.matcher(text).matches()) {
      fields.fault(field, "%s (expected: %s)".formatted(Quoted.of(text), expected));
    }
    return text;
  }

  private static Optional<URI> endpoint(Fields fields) {
    var text = fields.text("endpoint").filter(found -> !found.isEmpty());
    try {
      var uri = text.map(URI::create);
      if (uri.isEmpty() || isWeb(uri.get())) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    fields.fault(
        "endpoint",
        "%s (expected: like https://s3.example.com:9000)".formatted(Quoted.of(text.orElse(""))));
    return Optional.empty();
  }

  private static boolean isWeb(URI uri) {
    var scheme = uri.getScheme();
    return uri.getHost() != null
        && uri.getUserInfo() == null
        && ("https".equals(scheme) || "http".equals(scheme));
  }
}
