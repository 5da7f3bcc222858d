package dev.sallyport.resources.config;

import dev.sallyport.resources.document.Fields;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads `proxy_service:`.
final class ProxyReader {
  /// Names of listeners for what is not served here, or is served at the one port.
  private static final List<String> WITHOUT_EFFECT =
      List.of(
          "listen_addr",
          "tunnel_listen_addr",
          "ssh_public_addr",
          "tunnel_public_addr",
          "peer_listen_addr",
          "peer_public_addr",
          "mysql_listen_addr",
          "mysql_public_addr",
          "postgres_listen_addr",
          "postgres_public_addr",
          "mongo_listen_addr",
          "mongo_public_addr",
          "kube_listen_addr",
          "kube_public_addr",
          "https_keypairs_reload_interval",
          "trust_x_forwarded_for",
          "ui",
          "idp",
          "automatic_upgrades_channels");

  private ProxyReader() {}

  static ProxySection read(Fields fields) {
    fields.ignore("enabled");
    var listen = Addresses.listen(fields, "web_listen_addr", ProxySection.USUAL_PORT);
    var publicAddrs = Addresses.many(fields, "public_addr", ProxySection.USUAL_PORT);
    var pairs = new ArrayList<ProxySection.KeyPairFiles>();
    for (var pair : fields.objects("https_keypairs")) {
      var key = pair.requiredText("key_file");
      var cert = pair.requiredText("cert_file");
      pair.finish();
      if (key.indexOf('\0') < 0 && cert.indexOf('\0') < 0) {
        pairs.add(new ProxySection.KeyPairFiles(Path.of(key), Path.of(cert)));
      } else {
        pair.fault("key_file", "is no path");
      }
    }
    var acme = fields.object("acme");
    if (acme.flag("enabled", false)) {
      acme.fault("enabled", "is not supported by this version (use https_keypairs)");
    }
    acme.ignore("email", "uri");
    acme.finish();
    if (fields.text("proxy_protocol").filter(text -> text.equals("on")).isPresent()) {
      fields.fault("proxy_protocol", "is not supported by this version");
    }
    for (var field : fields.present(WITHOUT_EFFECT)) {
      fields.warn(field, "has no effect here");
    }
    fields.finish();
    return new ProxySection(listen, publicAddrs, pairs);
  }
}
