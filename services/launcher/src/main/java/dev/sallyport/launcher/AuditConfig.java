package dev.sallyport.launcher;

import dev.sallyport.agent.session.Recording;
import dev.sallyport.audit.journal.JournalSettings;
import dev.sallyport.audit.store.Retention;
import dev.sallyport.auth.AuthConfig;
import dev.sallyport.auth.export.ExportTarget;
import dev.sallyport.aws.AwsSettings;
import dev.sallyport.aws.TakenRole;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.SystemTrust;
import dev.sallyport.resources.config.AuthAudit;
import dev.sallyport.resources.config.DbAudit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;

/// `auth_service.audit` and `db_service.audit` in the services' terms.
final class AuditConfig {
  /// Under the data folder: where audit records are copied to unless told otherwise.
  private static final String LOG = "log";

  private AuditConfig() {}

  static JournalSettings journal(DbAudit audit) {
    return JournalSettings.of(
        switch (audit.durability()) {
          case WRITE -> JournalSettings.Durability.WRITE;
          case FSYNC -> JournalSettings.Durability.FSYNC;
        },
        switch (audit.mode()) {
          case STRICT -> JournalSettings.Mode.STRICT;
          case BEST_EFFORT -> JournalSettings.Mode.BEST_EFFORT;
        },
        audit.diskBytes());
  }

  static Recording recording(DbAudit audit) {
    var body =
        switch (audit.body()) {
          case OFF -> Recording.Body.OFF;
          case KEYS -> Recording.Body.KEYS;
          case FULL -> Recording.Body.FULL;
        };
    return new Recording(body, audit.bodyBytes(), audit.keyValues() == DbAudit.KeyValues.PLAIN);
  }

  /// @param nodeName this host's name, for syslog
  static AuthConfig.Audit auth(
      AuthAudit audit, Path dataFolder, String nodeName, Surroundings around) throws StartFailure {
    var exports = new ArrayList<ExportTarget>();
    audit
        .file()
        .map(files ->
            new ExportTarget.Files(
                files.folder().orElseGet(() -> dataFolder.resolve(LOG)),
                files.rotateBytes(),
                files.rotateAfter(),
                files.keepFiles()))
        .ifPresent(exports::add);
    if (audit.stdout()) {
      exports.add(new ExportTarget.Stdout(around.out()));
    }
    if (audit.syslog().isPresent()) {
      exports.add(syslog(audit.syslog().get(), nodeName, around));
    }
    if (audit.s3().isPresent()) {
      exports.add(s3(audit.s3().get(), around));
    }
    return new AuthConfig.Audit(new Retention(audit.keepFor(), audit.keepBytes()), exports);
  }

  private static ExportTarget syslog(AuthAudit.Syslog syslog, String nodeName, Surroundings around)
      throws StartFailure {
    return new ExportTarget.Syslog(
        syslog.address(),
        switch (syslog.transport()) {
          case UDP -> ExportTarget.Syslog.Transport.UDP;
          case TCP -> ExportTarget.Syslog.Transport.TCP;
          case TLS -> ExportTarget.Syslog.Transport.TLS;
        },
        syslog.facility(),
        syslog.messageBytes(),
        nodeName,
        trust("syslog", syslog.caPem(), around.env()));
  }

  private static ExportTarget s3(AuthAudit.S3 s3, Surroundings around) throws StartFailure {
    var aws = aws(around.env());
    return new ExportTarget.S3(
        s3.bucket(),
        s3.prefix(),
        s3.region(),
        s3.endpoint(),
        s3.pathStyle(),
        s3.batchBytes(),
        s3.every(),
        s3.caPem().isPresent() ? trust("s3", s3.caPem(), Map.of()) : aws.trust(),
        aws,
        s3.role().map(role -> new TakenRole.Role(role.arn(), role.externalId())));
  }

  private static AwsSettings aws(Map<String, String> env) throws StartFailure {
    try {
      var aws = AwsSettings.of(env);
      // An address that is none, or a switch that is neither, is told at once.
      aws.stsEndpoint();
      return aws;
    } catch (IOException | IllegalArgumentException e) {
      throw new StartFailure("auth_service.audit.s3: " + e.getMessage(), e);
    }
  }

  private static SystemTrust trust(String export, Optional<String> pem, Map<String, String> env)
      throws StartFailure {
    try {
      return pem.isPresent() ? SystemTrust.of(Pem.certificates(pem.get())) : SystemTrust.load(env);
    } catch (IOException | IllegalArgumentException e) {
      throw new StartFailure("auth_service.audit." + export + ": " + e.getMessage(), e);
    }
  }
}
