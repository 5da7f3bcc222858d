package dev.sallyport.auth.audit;

import dev.sallyport.audit.ChangeDetail;
import dev.sallyport.auth.access.Origin;
import dev.sallyport.model.AuthConnector;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Lock;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Role;
import dev.sallyport.model.User;
import dev.sallyport.resources.ResourceJson;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What differs between two forms of a resource, path by path of its document. Secrets are not
/// shown, only that they changed: those that the resource calls so, and whatever stands under a
/// name that speaks of secrets. Nor is the resource's name, which is a secret itself for tokens and
/// stands in its event for all others.
final class ResourceDiff {
  private static final String HIDDEN = "***";
  private static final Set<String> LEFT_OUT = Set.of("metadata.name", "metadata.revision");
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i).*(secret|passw|passphrase|private|credential|token|api_?key|signing_key|otp).*");
  private static final int DEPTH_MAX = 16;

  private ResourceDiff() {}

  static ChangeDetail between(
      Optional<? extends Resource> before, Optional<? extends Resource> after) {
    var old = flat(before);
    var now = flat(after);
    var same = new TreeMap<>(old);
    same.entrySet().removeIf(part -> !part.getValue().equals(now.get(part.getKey())));
    same.keySet()
        .forEach(path -> {
          old.remove(path);
          now.remove(path);
        });
    var secrets = new HashSet<String>();
    before.ifPresent(found -> secrets.addAll(secretPaths(found)));
    after.ifPresent(found -> secrets.addAll(secretPaths(found)));
    return new ChangeDetail(Origin.address(), shown(old, secrets), shown(now, secrets));
  }

  private static Map<String, String> flat(Optional<? extends Resource> resource) {
    var parts = new TreeMap<String, String>();
    resource.ifPresent(found -> collect("", ResourceJson.toJson(open(found)), 0, parts));
    parts.keySet().removeAll(LEFT_OUT);
    return parts;
  }

  /// An authority's keys are in a list, which is shown whole; its certificates tell as much.
  private static Resource open(Resource resource) {
    return resource instanceof CertAuthority authority ? authority.withoutSecrets() : resource;
  }

  private static void collect(String path, JsonNode node, int depth, Map<String, String> parts) {
    if (node.isObject() && !node.isEmpty() && depth < DEPTH_MAX) {
      for (var field : node.properties()) {
        var below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
        collect(below, field.getValue(), depth + 1, parts);
      }
    } else {
      parts.put(path, node.isString() ? node.stringValue() : node.toString());
    }
  }

  private static Set<String> secretPaths(Resource resource) {
    return switch (resource) {
      case AuthConnector connector ->
          connector.secrets().keySet().stream()
              .map(path -> "spec." + path)
              .collect(Collectors.toUnmodifiableSet());
      case CertAuthority _ -> Set.of();
      case Role _, User _, ProvisionToken _, Database _, DatabaseServer _, Lock _ -> Set.of();
      case AuthPreference _ -> Set.of();
    };
  }

  private static Map<String, String> shown(Map<String, String> parts, Set<String> secrets) {
    var shown = new TreeMap<String, String>();
    parts.forEach((path, value) -> shown.put(path, isSecret(path, secrets) ? HIDDEN : value));
    return shown;
  }

  private static boolean isSecret(String path, Set<String> secrets) {
    return secrets.contains(path) || SECRET.matcher(path).matches();
  }
}
