package dev.sallyport.launcher;

import java.util.List;
import java.util.Map;

/// Flags that Teleport's users know and this version does not have, and what to do instead.
final class LaterFlags {
  private static final String FILE = "set it in the configuration file: ";

  private static final String DYNAMODB_ALONE =
      "DynamoDB is not discovered: name databases, or choose dynamic ones by"
          + " --dynamic-resources-labels";

  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry("-r", FILE + "enabled: yes or no in auth_service, proxy_service, db_service"),
          Map.entry(
              "--roles", FILE + "enabled: yes or no in auth_service, proxy_service, db_service"),
          Map.entry("-l", FILE + "auth_service.listen_addr, proxy_service.web_listen_addr"),
          Map.entry(
              "--listen-ip", FILE + "auth_service.listen_addr, proxy_service.web_listen_addr"),
          Map.entry("--advertise-ip", FILE + "proxy_service.public_addr"),
          Map.entry(
              "--auth-server", FILE + "teleport.proxy_server, or teleport.auth_server for a Proxy"),
          Map.entry("--labels", FILE + "static_labels of each database in db_service.databases"),
          Map.entry("--apply-on-startup", "create the resources with tctl create -f FILE"),
          Map.entry("--bootstrap", "create the resources with tctl create -f FILE"),
          Map.entry("--diag-addr", FILE + "teleport.diag_addr"),
          Map.entry("--acme", "give the Proxy a certificate with --cert-file and --key-file"),
          Map.entry("--acme-email", "give the Proxy a certificate with --cert-file and --key-file"),
          Map.entry("--app-name", "this product serves databases only"),
          Map.entry("--app-uri", "this product serves databases only"),
          Map.entry("--node-labels", "this product serves no SSH"),
          Map.entry("--rds-discovery", DYNAMODB_ALONE),
          Map.entry("--redshift-discovery", DYNAMODB_ALONE),
          Map.entry("--aws-tags", DYNAMODB_ALONE),
          Map.entry("--fips", "this version has no FIPS mode"),
          Map.entry(
              "--insecure",
              "the server verifies everybody; give the agent the cluster's pin with --ca-pin"),
          Map.entry("--insecure-no-tls", "the server never speaks without TLS"),
          Map.entry("--permit-user-env", "this version serves no SSH sessions"));

  private LaterFlags() {}

  /// What to tell about arguments that nobody took.
  static String explain(List<String> unmatched) {
    var first = unmatched.getFirst();
    int equals = first.indexOf('=');
    var flag = equals > 0 ? first.substring(0, equals) : first;
    var instead = INSTEAD.get(flag);
    if (instead != null) {
      return "the flag " + flag + " is not supported by this version; " + instead;
    }
    return (first.startsWith("-") ? "unknown flag " + flag : "unexpected argument '" + first + "'")
        + "; see teleport --help";
  }
}
