package dev.sallyport.launcher;

import dev.sallyport.resources.config.ConfigSource;
import dev.sallyport.resources.config.TeleportFile;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the configuration of a running process again. The databases of a Database Service and the
/// severity of the log change at once, and the Proxy's certificates are read again; what else
/// differs is told by its key and waits for a restart. A file that cannot be read, or that a start
/// would refuse, changes nothing.
final class Reload {
  private static final String DATABASES = "db_service.databases";
  private static final String SEVERITY = "teleport.log.severity";
  private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

  private final ConfigSource running;
  private final Reader reader;
  private final LogSetup.Log log;
  private final ServiceWiring services;

  /// Where the configuration comes from.
  interface Reader {
    /// @throws StartFailure with every fault
    ConfigSource read() throws StartFailure;
  }

  /// @param running what the process was started with
  Reload(ConfigSource running, Reader reader, LogSetup.Log log, ServiceWiring services) {
    this.running = running;
    this.reader = reader;
    this.log = log;
    this.services = services;
  }

  /// Tells in the log what became of it.
  void run() {
    try {
      var source = reader.read();
      var file = source.file();
      ServiceSet.of(file);
      file.warnings().forEach(warning -> LOG.atWarn().log(warning));
      apply(source, file);
    } catch (StartFailure | IllegalArgumentException e) {
      LOG.atError()
          .addKeyValue("problem", e.getMessage())
          .log("The configuration was not reloaded; what is running goes on as it is");
    }
  }

  private void apply(ConfigSource source, TeleportFile file) {
    var apart = new LinkedHashSet<>(Set.of(SEVERITY));
    var changes = List.<String>of();
    if (file.db().isPresent() && services.hasAgent()) {
      apart.add(DATABASES);
      changes = services.replaceDatabases(file.db().get().databases());
    }
    log.severity(file.teleport().log());
    var certificates = services.reloadCertificates();
    LOG.atInfo()
        .addKeyValue("changes", changes.isEmpty() ? "no database" : String.join(", ", changes))
        .addKeyValue("certificates", certificates ? "new" : "as before")
        .addKeyValue("severity", log.severity())
        .log("The configuration was reloaded");
    var waiting = running.differences(source, apart);
    if (!waiting.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("keys", String.join(", ", waiting))
          .log("Some keys of the configuration need a restart to apply");
    }
  }
}
