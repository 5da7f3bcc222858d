package dev.sallyport.resources;

import dev.sallyport.model.Resource;
import dev.sallyport.resources.document.DocumentNode;
import dev.sallyport.resources.document.DocumentParser;
import dev.sallyport.resources.document.Fault;
import dev.sallyport.resources.document.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Resources as JSON. The form is whole: what is written reads back as the same value, keys and
/// token names included. Who may not see a secret must be given a resource without it.
public final class ResourceJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ResourceJson() {}

  public static ObjectNode toJson(Resource resource) {
    return MAPPER.valueToTree(ResourceTree.of(resource));
  }

  /// Reads what {@link #toJson} gave, as strictly as a document of a user.
  ///
  /// @throws InvalidDocument with every fault
  public static Resource fromJson(JsonNode json) {
    return ResourceReader.readOne(node(json, 1), "resource");
  }

  /// Reads one resource from JSON text; a key that comes twice is refused.
  public static Resource fromJson(String text) {
    var documents = DocumentParser.parse(text, "resource");
    if (documents.size() != 1) {
      throw new InvalidDocument(
          "resource",
          List.of(
              new Fault(
                  Position.NONE, "", "%d documents (expected: one)".formatted(documents.size()))));
    }
    return ResourceReader.readOne(documents.getFirst(), "resource");
  }

  private static DocumentNode node(JsonNode json, int depth) {
    if (depth > DocumentParser.MAX_DEPTH) {
      throw new InvalidDocument(
          "resource",
          List.of(
              new Fault(
                  Position.NONE,
                  "",
                  "more than %d lists and maps in one another"
                      .formatted(DocumentParser.MAX_DEPTH))));
    }
    if (json.isArray()) {
      var values = new ArrayList<DocumentNode>();
      json.forEach(value -> values.add(node(value, depth + 1)));
      return new DocumentNode.Items(Position.NONE, values);
    }
    if (json.isObject()) {
      var values = new LinkedHashMap<String, DocumentNode.Entry>();
      json.forEachEntry((key, value) ->
          values.put(key, new DocumentNode.Entry(Position.NONE, node(value, depth + 1))));
      return new DocumentNode.Entries(Position.NONE, values);
    }
    if (json.isString()) {
      return new DocumentNode.Text(Position.NONE, json.stringValue(), false);
    }
    return new DocumentNode.Text(Position.NONE, json.isNull() ? "" : json.asString(), true);
  }
}
