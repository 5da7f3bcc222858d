package dev.sallyport.resources.config;

import dev.sallyport.model.Quoted;
import dev.sallyport.resources.document.DocumentNode;
import dev.sallyport.resources.document.DocumentParser;
import dev.sallyport.resources.document.Faults;
import dev.sallyport.resources.document.Fields;
import dev.sallyport.resources.document.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Reads the whole file, decides which services run, and checks what several sections say together.
///
/// Without a section, Auth and Proxy run, unless the file names a server of somebody else to join;
/// the Database Service runs only when it is enabled.
final class TeleportFileReader {
  private static final List<String> VERSIONS = List.of("v1", "v2", "v3");
  private static final List<String> OTHER_SERVICES =
      List.of(
          "ssh_service",
          "app_service",
          "kubernetes_service",
          "windows_desktop_service",
          "discovery_service",
          "okta_service",
          "jamf_service",
          "debug_service",
          "tracing_service",
          "metrics_service");

  private final Faults faults;
  private final Fields top;

  private TeleportFileReader(Fields top, Faults faults) {
    this.top = top;
    this.faults = faults;
  }

  static TeleportFile read(String text, String source) {
    var faults = new Faults(source);
    var documents = DocumentParser.parse(text, source);
    if (documents.size() > 1) {
      faults.add(documents.get(1).at(), "", "a second document (expected: one)");
    }
    var document =
        documents.isEmpty()
            ? new DocumentNode.Entries(Position.NONE, new LinkedHashMap<>())
            : documents.getFirst();
    var file = new TeleportFileReader(Fields.of(document, "", faults), faults).read();
    faults.throwIfAny();
    return new TeleportFile(
        file.version(), file.teleport(), file.auth(), file.proxy(), file.db(), faults.warnings());
  }

  private TeleportFile read() {
    var version = top.text("version").filter(text -> !text.isEmpty()).orElse("v1");
    if (!VERSIONS.contains(version)) {
      top.fault(
          "version",
          "config: version must be one of v1, v2, v3, not %s".formatted(Quoted.of(version)));
    }
    var section = top.object("teleport");
    var instance = new InstanceReader(section, version).read();
    var joins = instance.proxyServer().isPresent() || instance.authServer().isPresent();
    var authSection = top.object("auth_service");
    var proxySection = top.object("proxy_service");
    var dbSection = top.object("db_service");
    var authOn = on("auth_service", authSection, !joins);
    var proxyOn = on("proxy_service", proxySection, !joins);
    var dbOn = on("db_service", dbSection, false);
    // Sections that are off are read too: their mistakes would come up when they are turned on.
    var auth = new AuthReader(authSection).read();
    var proxy = ProxyReader.read(proxySection);
    var db = new DbSection(List.of(), List.of(), DbLimits.DEFAULT, DbAudit.DEFAULT);
    if (dbOn || top.has("db_service")) {
      db = DbReader.read(dbSection);
    }
    otherServices();
    top.finish();
    checkTogether(section, instance, authOn, proxyOn, dbOn);
    return new TeleportFile(
        version,
        instance,
        Optional.of(auth).filter(a -> authOn),
        Optional.of(proxy).filter(p -> proxyOn),
        Optional.of(db).filter(d -> dbOn),
        List.of());
  }

  private boolean on(String name, Fields section, boolean whenAbsent) {
    if (!top.has(name)) {
      return whenAbsent;
    }
    return section.flag("enabled", !name.equals("db_service"));
  }

  private void otherServices() {
    for (var name : top.present(OTHER_SERVICES)) {
      if (top.object(name).flag("enabled", true)) {
        top.warn(name, "is no service of this product; nothing is started for it");
      }
    }
  }

  private void checkTogether(
      Fields section, InstanceSection instance, boolean auth, boolean proxy, boolean db) {
    var proxyServer = instance.proxyServer().isPresent();
    var authServer = instance.authServer().isPresent();
    if (!auth && !proxy && !db) {
      faults.add(
          Position.NONE,
          "",
          "config: enable at least one of auth_service, ssh_service, proxy_service, app_service,"
              + " database_service, kubernetes_service, windows_desktop_service,"
              + " discovery_service, okta_service or jamf_service (this product has auth_service,"
              + " proxy_service and db_service)");
      return;
    }
    if (proxyServer && proxy) {
      section.fault(
          "proxy_server", "proxy_server can not be specified when proxy service is enabled");
    }
    if (db && !proxy && authServer && !proxyServer) {
      section.fault(
          section.has("auth_server") ? "auth_server" : "auth_servers",
          "config: when db_service is enabled, proxy_server must be specified instead of"
              + " auth_server");
      return;
    }
    if (!auth && !proxyServer && !authServer) {
      faults.add(section.at(), "teleport", "config: auth_server or proxy_server is required");
      return;
    }
    if (db && !proxy && !proxyServer) {
      faults.add(
          section.at(),
          "teleport",
          "db_service needs a Proxy Service: set proxy_server, or enable proxy_service here");
    }
  }
}
