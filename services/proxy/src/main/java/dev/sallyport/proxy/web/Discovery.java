package dev.sallyport.proxy.web;

import dev.sallyport.control.ControlJson;
import dev.sallyport.model.ProductVersion;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/// The answers by which clients learn what this cluster is: `find`, which says nothing of sign-ins,
/// and `ping`, which does. Only what this version has is named; fields that scripts look for and
/// that are off here say so.
final class Discovery {
  /// The only way to sign in, and the name of its connector.
  static final String LOCAL = "local";

  private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(30);
  private static final int UPDATE_JITTER_SECONDS = 60;

  private Discovery() {}

  /// `GET /webapi/find`.
  static byte[] find(WebFacts facts) {
    var auth = object().put("type", "").put("private_key_policy", "").put("has_motd", false);
    return ControlJson.bytes(answer(facts, auth));
  }

  /// `GET /webapi/ping`.
  static byte[] ping(WebFacts facts) {
    var auth = object().put("type", LOCAL).put("second_factor", "off");
    auth.put("allow_passwordless", false).put("allow_headless", false);
    auth.putObject("local").put("name", "");
    auth.put("private_key_policy", "none").put("piv_slot", "");
    auth.putObject("device_trust").put("disabled", true).put("auto_enroll", false);
    auth.put("has_motd", false).put("load_all_cas", false).put("default_session_ttl", "12h0m0s");
    return ControlJson.bytes(answer(facts, auth));
  }

  private static ObjectNode answer(WebFacts facts, ObjectNode auth) {
    var answer = object();
    answer.set("auth", auth);
    answer.set("proxy", proxy(facts));
    answer.put("server_version", facts.version());
    answer.put("min_client_version", ProductVersion.MIN_CLIENT);
    answer.put("cluster_name", facts.clusterName());
    answer.put("automatic_upgrades", false);
    answer
        .putObject("auto_update")
        .put("tools_version", facts.version())
        .put("tools_auto_update", false)
        .put("agent_version", facts.version())
        .put("agent_auto_update", false)
        .put("agent_update_jitter_seconds", UPDATE_JITTER_SECONDS);
    return answer.put("edition", "oss").put("fips", false);
  }

  private static ObjectNode proxy(WebFacts facts) {
    var proxy = object();
    proxy.putObject("kube").put("enabled", false);
    proxy
        .putObject("ssh")
        .put("listen_addr", facts.listenAddress())
        .put("tunnel_listen_addr", facts.listenAddress())
        .put("web_listen_addr", facts.listenAddress())
        .put("public_addr", facts.proxyAddress())
        .put("dial_timeout", DIAL_TIMEOUT.toNanos());
    proxy.putObject("db");
    return proxy.put("tls_routing_enabled", true);
  }

  private static ObjectNode object() {
    return ControlJson.MAPPER.createObjectNode();
  }
}
