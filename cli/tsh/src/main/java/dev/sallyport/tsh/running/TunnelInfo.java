package dev.sallyport.tsh.running;

import dev.sallyport.tsh.localproxy.LocalKey;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a client needs to know about an open tunnel.
///
/// @param address where it listens
/// @param region what AWS clients are to be told
/// @param key what requests must be signed with, in strict mode
public record TunnelInfo(
    String database,
    String dbUser,
    String cluster,
    String region,
    InetSocketAddress address,
    Instant validUntil,
    Optional<LocalKey> key) {
  private static final String DUMMY_KEY = "tunnel";

  /// Address and port as text.
  public String listening() {
    var host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  /// The name under which programs of this machine reach it.
  public String hostName() {
    var ip = address.getAddress();
    if (ip.isAnyLocalAddress() || ip.getHostAddress().equals("127.0.0.1")) {
      return "localhost";
    }
    var host = ip.getHostAddress();
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  /// The URL to give to clients.
  public String endpoint() {
    return "http://" + hostName() + ":" + address.getPort();
  }

  /// The access key id that clients are to use.
  public String accessKeyId() {
    return key.map(LocalKey::accessKeyId).orElse(DUMMY_KEY);
  }

  /// The secret key that clients are to use; a made-up one unless the tunnel is strict.
  public String secretAccessKey() {
    return key.map(local -> local.secretKey().reveal()).orElse(DUMMY_KEY);
  }

  /// For scripts; with the secret key when `secrets`.
  public Map<String, Object> tree(boolean secrets) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("database", database);
    tree.put("db_user", dbUser);
    tree.put("cluster", cluster);
    tree.put("region", region);
    tree.put("address", listening());
    tree.put("endpoint", endpoint());
    tree.put("valid_until", validUntil.toString());
    tree.put("strict", key.isPresent());
    if (secrets) {
      tree.put("access_key_id", accessKeyId());
      tree.put("secret_access_key", secretAccessKey());
    }
    return tree;
  }
}
