package dev.sallyport.auth.audit;

import dev.sallyport.audit.ChangeDetail;
import dev.sallyport.auth.access.Origin;
import dev.sallyport.model.Resource;
import dev.sallyport.resources.ResourceJson;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What differs between two forms of a resource, path by path of its document. Values under names
/// that speak of secrets are not shown, only that they changed; nor is the resource's name, which
/// is a secret itself for tokens and stands in its event for all others.
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
    return new ChangeDetail(Origin.address(), shown(old), shown(now));
  }

  private static Map<String, String> flat(Optional<? extends Resource> resource) {
    var parts = new TreeMap<String, String>();
    resource.ifPresent(found -> collect("", ResourceJson.toJson(found), 0, parts));
    parts.keySet().removeAll(LEFT_OUT);
    return parts;
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

  private static Map<String, String> shown(Map<String, String> parts) {
    var shown = new TreeMap<String, String>();
    parts.forEach(
        (path, value) -> shown.put(path, SECRET.matcher(path).matches() ? HIDDEN : value));
    return shown;
  }
}
