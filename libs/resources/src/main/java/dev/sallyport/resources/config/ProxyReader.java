package dev.sallyport.resources.config;

import dev.sallyport.model.NetworkRange;
import dev.sallyport.model.Quoted;
import dev.sallyport.resources.document.Fields;
import java.nio.file.Path;
import java.time.Duration;
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
    var reload = reloadEvery(fields);
    var balancers = balancers(fields);
    for (var field : fields.present(WITHOUT_EFFECT)) {
      fields.warn(field, "has no effect here");
    }
    fields.finish();
    return new ProxySection(listen, publicAddrs, pairs, reload, balancers);
  }

  private static Duration reloadEvery(Fields fields) {
    var every = fields.duration("https_keypairs_reload_interval").orElse(ProxySection.RELOAD_USUAL);
    if (every.isZero()
        || (every.compareTo(ProxySection.RELOAD_MIN) >= 0
            && every.compareTo(ProxySection.RELOAD_MAX) <= 0)) {
      return every;
    }
    fields.fault(
        "https_keypairs_reload_interval", "(expected: 1s to 24h, or 0s: only when told by HUP)");
    return ProxySection.RELOAD_USUAL;
  }

  /// Nobody may say where somebody else is unless it is written down who.
  private static List<NetworkRange> balancers(Fields fields) {
    var wanted = fields.text("proxy_protocol").filter(text -> !text.isEmpty());
    var on = wanted.filter(text -> List.of("on", "yes", "true").contains(text)).isPresent();
    if (!on && wanted.filter(text -> !List.of("off", "no", "false").contains(text)).isPresent()) {
      fields.fault("proxy_protocol", "%s (expected: on or off)".formatted(Quoted.of(wanted.get())));
    }
    var ranges = new ArrayList<NetworkRange>();
    for (var text : fields.texts("proxy_protocol_peers")) {
      try {
        ranges.add(NetworkRange.parse(text));
      } catch (IllegalArgumentException e) {
        fields.fault("proxy_protocol_peers", String.valueOf(e.getMessage()));
      }
    }
    if (on && !fields.has("proxy_protocol_peers")) {
      fields.fault(
          "proxy_protocol",
          "needs proxy_protocol_peers: the addresses of the load balancers whose word is taken for"
              + " where clients are, such as [10.0.0.0/24]");
    }
    if (!on && !ranges.isEmpty()) {
      fields.fault("proxy_protocol_peers", "needs proxy_protocol: on");
    }
    return on ? List.copyOf(ranges) : List.of();
  }
}
