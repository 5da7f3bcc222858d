package dev.sallyport.proxy.web;

import dev.sallyport.control.ControlJson;
import dev.sallyport.control.Motd;
import dev.sallyport.model.ProductVersion;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/// The answers by which clients learn what this cluster is: `find`, which says little of sign-ins,
/// and `ping`, which says more. Only what this version has is named; fields that scripts look for
/// and that are off here say so.
final class Discovery {
  /// The only way to sign in, and the name of its connector.
  static final String LOCAL = "local";

  private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(30);
  private static final int UPDATE_JITTER_SECONDS = 60;

  private Discovery() {}

  /// `GET /webapi/find`.
  static byte[] find(WebFacts facts) {
    var auth = object().put("type", "");
    factors(facts, auth);
    auth.put("private_key_policy", "");
    return ControlJson.bytes(answer(facts, auth));
  }

  /// `GET /webapi/ping`.
  static byte[] ping(WebFacts facts) {
    var auth = object().put("type", LOCAL);
    factors(facts, auth);
    var factors = facts.preference().secondFactors();
    if (!factors.allowed().isEmpty()) {
      auth.put("preferred_local_mfa", factors.allowed().getFirst().wireName());
    }
    var party = facts.relyingParty();
    auth.put("allow_local_auth", facts.preference().signIn().local())
        .put("allow_passwordless", facts.preference().signIn().passwordless() && party.isPresent())
        .put("allow_headless", false);
    auth.putObject("local").put("name", "");
    party.ifPresent(keys -> auth.putObject("webauthn").put("rp_id", keys.id()));
    auth.put("private_key_policy", "none").put("piv_slot", "");
    auth.putObject("device_trust").put("disabled", true).put("auto_enroll", false);
    auth.put("load_all_cas", false)
        .put("default_session_ttl", goDuration(facts.preference().sessions().defaultTtl()));
    return ControlJson.bytes(answer(facts, auth));
  }

  /// `GET /webapi/motd`.
  static byte[] messageOfTheDay(WebFacts facts) {
    return ControlJson.bytes(new Motd(facts.preference().messageOfTheDay().orElse("")));
  }

  private static void factors(WebFacts facts, ObjectNode auth) {
    var factors = facts.preference().secondFactors();
    auth.put("second_factor", factors.word());
    var all = auth.putArray("second_factors");
    factors.allowed().forEach(factor -> all.add(factor.wireName()));
    auth.put("has_motd", facts.preference().messageOfTheDay().isPresent());
  }

  /// As clients of the original parse it: all three parts, such as `12h0m0s`.
  private static String goDuration(Duration duration) {
    return "%dh%dm%ds"
        .formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
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
