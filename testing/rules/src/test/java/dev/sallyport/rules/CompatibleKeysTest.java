package dev.sallyport.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.console.Document;
import dev.sallyport.resources.InvalidDocument;
import dev.sallyport.resources.config.TeleportFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What `docs/compatibility.md` says of the keys of the configuration file is what its reader does:
/// a key that works is read without a warning and changes what was read; one that is not here is
/// refused, forgotten, warned of, or at least called kept in its row.
final class CompatibleKeysTest {
  private static final Pattern PATH =
      Pattern.compile("`((?:teleport|auth_service|proxy_service|db_service)\\.[\\w.]+)`");

  private static final Map<String, Object> CLUSTER =
      Map.of(
          "version", "v3",
          "auth_service", Map.of("enabled", "yes", "cluster_name", "example.com"),
          "proxy_service", Map.of("enabled", "yes"));

  private static final Map<String, Object> DATABASE =
      Map.of(
          "name",
          "x",
          "protocol",
          "dynamodb",
          "aws",
          Map.of("region", "us-east-1", "account_id", "123456789012"));

  private static final Map<String, Object> OTHER_DATABASE =
      Map.of(
          "name",
          "y",
          "protocol",
          "dynamodb",
          "aws",
          Map.of("region", "us-east-1", "account_id", "123456789012"));

  private static final Map<String, Object> AGENT =
      Map.of(
          "version", "v3",
          "teleport", Map.of("proxy_server", "proxy.example.com:443"),
          "db_service", Map.of("enabled", "yes", "databases", List.of(DATABASE)));

  private static final Map<String, Object> PROXY =
      Map.of("version", "v3", "proxy_service", Map.of("enabled", "yes"));

  /// Values that may be right for some key; a wrong one is refused. None is what holds anyway.
  private static final List<Object> GUESSES =
      List.of(
          "x",
          "yes",
          "no",
          7,
          "30m",
          "720h",
          "otp",
          "token",
          "github",
          "debug",
          "json",
          "best_effort",
          "/tmp/x",
          "127.0.0.1:7777",
          "sha256:" + "0".repeat(64),
          List.of("otp"),
          List.of("level"),
          List.of("db:/tmp/token"),
          Map.of("rp_id", "example.com"),
          Map.of("retention", "30d"),
          Map.of("durability", "fsync"),
          Map.of("max_connections", 7),
          Map.of("connections", 7),
          Map.of("mode", "required"),
          Map.of("enabled", "yes", "email", "a@example.com"),
          List.of(OTHER_DATABASE),
          List.of(Map.of("labels", Map.of("env", "dev"))),
          List.of(Map.of("key_file", "/tmp/key.pem", "cert_file", "/tmp/cert.pem")),
          List.of());

  /// What has but one value that works, which is also the usual one.
  private static final Set<String> ONE_VALUE =
      Set.of(
          "teleport.join_params.method",
          "auth_service.authentication.type",
          "auth_service.audit",
          "db_service.audit",
          "db_service.limits");

  /// What works only together, so that neither does anything alone; `TeleportFileTest` has them.
  private static final Set<String> TOGETHER =
      Set.of("proxy_service.proxy_protocol", "proxy_service.proxy_protocol_peers");

  @Test
  void keysDoWhatTheirRowsSay() throws IOException {
    var faults = new TreeSet<String>();
    int seen = 0;
    for (var row : CompatibilityDocument.read().rows()) {
      if (!row.where().startsWith("Keys of ")) {
        continue;
      }
      for (var match : PATH.matcher(row.item()).results().toList()) {
        var path = match.group(1);
        seen++;
        var kept = !row.claims() && row.words().startsWith("kept");
        var apart = kept || ONE_VALUE.contains(path) || TOGETHER.contains(path);
        if (!apart && obeys(path) != row.claims()) {
          faults.add(path + " is said to be: " + row.state());
        }
      }
    }
    assertThat(faults).isEmpty();
    assertThat(seen).isGreaterThan(60);
  }

  private static boolean obeys(String path) {
    var keys = List.of(path.split("\\."));
    for (var base : List.of(CLUSTER, AGENT, PROXY)) {
      // A section that was not there changes more than the key in it.
      if (!keys.getFirst().equals("teleport") && !base.containsKey(keys.getFirst())) {
        continue;
      }
      var without = read(base);
      for (var value : GUESSES) {
        try {
          var changed = read(CompatibleFieldsTest.with(base, keys, value));
          if (changed.warnings().equals(without.warnings()) && !changed.equals(without)) {
            return true;
          }
        } catch (InvalidDocument e) {
          // Not this value, or not in this file.
        }
      }
    }
    return false;
  }

  private static TeleportFile read(Map<String, Object> document) {
    return TeleportFile.read(Document.json(document), "teleport.yaml");
  }
}
