package dev.sallyport.tsh.running;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The variables with which AWS clients find a tunnel by themselves.
///
/// @param set to be set
/// @param unset what would overrule them or break a strict tunnel
public record ClientEnvironment(Map<String, String> set, List<String> unset) {
  private static final List<String> LOCAL = List.of("localhost", "127.0.0.1");

  /// For one tunnel, in a shell that has these variables already: hosts that are not to be proxied
  /// stay so. Both spellings, since programs differ in which they read.
  public static ClientEnvironment of(TunnelInfo tunnel, Map<String, String> present) {
    var set = new LinkedHashMap<String, String>();
    set.put("AWS_ACCESS_KEY_ID", tunnel.accessKeyId());
    set.put("AWS_SECRET_ACCESS_KEY", tunnel.secretAccessKey());
    set.put("AWS_REGION", tunnel.region());
    set.put("AWS_DEFAULT_REGION", tunnel.region());
    for (var service : List.of("DYNAMODB", "DYNAMODB_STREAMS", "DAX")) {
      set.put("AWS_ENDPOINT_URL_" + service, tunnel.endpoint());
    }
    var direct = new ArrayList<>(LOCAL);
    if (!LOCAL.contains(tunnel.hostName())) {
      direct.add(tunnel.hostName().replace("[", "").replace("]", ""));
    }
    for (var name : List.of("NO_PROXY", "no_proxy")) {
      for (var host : present.getOrDefault(name, "").split(",", -1)) {
        if (!host.isBlank() && !direct.contains(host.strip())) {
          direct.add(host.strip());
        }
      }
    }
    set.put("NO_PROXY", String.join(",", direct));
    set.put("no_proxy", String.join(",", direct));
    return new ClientEnvironment(set, List.of("AWS_SESSION_TOKEN", "AWS_PROFILE"));
  }

  /// The environment of a program that is to use the tunnel.
  public Map<String, String> over(Map<String, String> present) {
    var all = new LinkedHashMap<>(present);
    unset.forEach(all::remove);
    all.putAll(set);
    return all;
  }
}
