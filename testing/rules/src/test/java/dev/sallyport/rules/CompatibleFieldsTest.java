package dev.sallyport.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.console.Document;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Resource;
import dev.sallyport.resources.InvalidDocument;
import dev.sallyport.resources.ResourceJson;
import dev.sallyport.resources.ResourceReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What `docs/compatibility.md` says of the kinds and fields of resources is what their reader
/// does: a field that works is read without a word and written again; one that is not here is
/// refused, forgotten, or told to have no effect.
final class CompatibleFieldsTest {
  private static final Pattern PATH = Pattern.compile("`((?:spec|status)(?:\\.\\w+)*)`");
  private static final String TITLE = "Fields of ";
  private static final String PEM_FIELD = "spec.tls.ca_cert";

  private static final Map<String, Map<String, Object>> SPECS =
      Map.of(
          "role", Map.of(),
          "user", Map.of("roles", List.of("access")),
          "token",
              Map.of(
                  "roles", List.of("Db"), "allow", List.of(Map.of("aws_account", "123456789012"))),
          "db",
              Map.of(
                  "protocol",
                  "dynamodb",
                  "aws",
                  Map.of("region", "us-east-1", "account_id", "123456789012")),
          "lock", Map.of("target", Map.of("user", "a")),
          "cluster_auth_preference", Map.of());

  /// Values that may be right for some field; a wrong one is refused.
  private static final List<Object> GUESSES =
      List.of(
          "x",
          true,
          7,
          "30m",
          "strict",
          "preferred",
          "iam",
          "local",
          "otp",
          "dynamodb",
          "us-east-1",
          "123456789012",
          "dynamodb.us-east-1.amazonaws.com",
          "arn:aws:iam::123456789012:role/x",
          "2030-01-01T00:00:00Z",
          "labels[\"a\"] == \"b\"",
          List.of("x"),
          List.of("Db"),
          List.of("otp"),
          List.of(Map.of("aws_account", "999999999999")),
          Map.of("*", "*"),
          Map.of("x", List.of("y")),
          Map.of("is_locked", true),
          Map.of("rp_id", "example.com"),
          Map.of("user", Map.of("name", "x"), "time", "2030-01-01T00:00:00Z"),
          Map.of("x", Map.of("command", List.of("uname"), "period", "1m")),
          List.of(Map.of("resources", List.of("role"), "verbs", List.of("list"))));

  @Test
  void everyKindHasARow() throws IOException {
    var items =
        CompatibilityDocument.read().rows().stream()
            .filter(row -> row.where().equals("Kinds"))
            .map(CompatibilityRow::item)
            .toList();
    for (var kind : Kind.values()) {
      assertThat(items)
          .as("a row of the kind with all its names")
          .anySatisfy(item -> {
            assertThat(item).contains("`" + kind.wireName() + "`");
            kind.aliases().forEach(alias -> assertThat(item).contains("`" + alias + "`"));
          });
    }
  }

  @Test
  void fieldsDoWhatTheirRowsSay() throws IOException {
    var faults = new TreeSet<String>();
    int seen = 0;
    for (var row : CompatibilityDocument.read().rows()) {
      var kind = row.where().startsWith(TITLE) ? row.where().substring(TITLE.length()) : "";
      if (!SPECS.containsKey(kind)) {
        continue;
      }
      for (var match : PATH.matcher(row.item()).results().toList()) {
        var path = match.group(1);
        if (!path.equals(PEM_FIELD)) {
          seen++;
          var kept = !row.claims() && row.words().startsWith("kept");
          if (obeys(kind, path) != row.claims() && !kept) {
            faults.add(kind + " " + path + " is said to be: " + row.state());
          }
        }
      }
    }
    assertThat(faults).isEmpty();
    assertThat(seen).isGreaterThan(120);
  }

  private static boolean obeys(String kind, String path) {
    var document = new LinkedHashMap<String, Object>();
    document.put("kind", kind);
    document.put("version", kind.equals("role") ? "v7" : kind.equals("db") ? "v3" : "v2");
    var name = kind.equals("cluster_auth_preference") ? "cluster-auth-preference" : "name";
    document.put("metadata", Map.of("name", name));
    document.put("spec", SPECS.getOrDefault(kind, Map.of()));
    var without = read(document, new ArrayList<>());
    return GUESSES.stream()
        .anyMatch(value -> {
          var warnings = new ArrayList<String>();
          try {
            var resource = read(with(document, List.of(path.split("\\.")), value), warnings);
            var written = ResourceJson.toJson(resource).at("/" + path.replace('.', '/'));
            return warnings.isEmpty() && (!written.isMissingNode() || !resource.equals(without));
          } catch (InvalidDocument e) {
            return false;
          }
        });
  }

  private static Resource read(Map<String, Object> document, List<String> warnings) {
    return ResourceReader.read(Document.json(document), "document", warnings::add).getFirst();
  }

  static Map<String, Object> with(Map<?, ?> tree, List<String> path, Object value) {
    var changed = new LinkedHashMap<String, Object>();
    tree.forEach((key, old) -> changed.put(String.valueOf(key), old));
    var key = path.getFirst();
    var below = changed.get(key) instanceof Map<?, ?> map ? map : Map.of();
    changed.put(key, path.size() == 1 ? value : with(below, path.subList(1, path.size()), value));
    return changed;
  }
}
