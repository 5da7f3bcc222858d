package dev.sallyport.proxy.browser;

import dev.sallyport.control.ControlJson;
import dev.sallyport.control.ErrorBody;
import dev.sallyport.model.Secret;
import io.javalin.http.HandlerType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The OpenAPI document of the web app's API, made from the table of operations and the records
/// that they take and give. The web app's types are made from the document, so the two sides can't
/// drift apart: a test compares it with the committed one.
final class OpenApi {
  private final Map<String, ObjectNode> schemas = new TreeMap<>();
  private final Map<String, Class<?>> named = new TreeMap<>();

  private OpenApi() {}

  /// The document as text.
  static String document(List<Operation<?, ?>> operations) {
    return new OpenApi().write(operations).toPrettyString().replace("\r\n", "\n") + "\n";
  }

  private ObjectNode write(List<Operation<?, ?>> operations) {
    var document = object().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Sallyport web app")
        .put(
            "description",
            "What the pages under /web ask of the Proxy. For these pages alone: it changes with"
                + " them.")
        .put("version", "1");
    var paths = document.putObject("paths");
    for (var operation : operations) {
      var path =
          paths.path(operation.path()) instanceof ObjectNode known
              ? known
              : paths.putObject(operation.path());
      path.set(operation.method().name().toLowerCase(Locale.ROOT), describe(operation));
    }
    var error = ref(ErrorBody.class);
    var components = document.putObject("components");
    components
        .putObject("responses")
        .putObject("Refusal")
        .put("description", "Why it was not done. Status 401: the browser is not signed in.")
        .putObject("content")
        .putObject("application/json")
        .set("schema", error);
    var written = components.putObject("schemas");
    schemas.forEach(written::set);
    components
        .putObject("securitySchemes")
        .putObject("session")
        .put("type", "apiKey")
        .put("in", "cookie")
        .put("name", SessionCookie.NAME);
    return document;
  }

  private ObjectNode describe(Operation<?, ?> operation) {
    var described = object().put("summary", operation.summary());
    if (!operation.method().equals(HandlerType.GET)) {
      described
          .putArray("parameters")
          .addObject()
          .put("name", SameSite.HEADER)
          .put("in", "header")
          .put("required", true)
          .putObject("schema")
          .put("type", "string")
          .putArray("enum")
          .add(SameSite.VALUE);
    }
    operation
        .asks()
        .ifPresent(type ->
            described
                .putObject("requestBody")
                .put("required", true)
                .putObject("content")
                .putObject("application/json")
                .set("schema", ref(type)));
    var responses = described.putObject("responses");
    var done = responses.putObject(operation.answers().isPresent() ? "200" : "204");
    done.put("description", "Done.");
    operation
        .answers()
        .ifPresent(type ->
            done.putObject("content").putObject("application/json").set("schema", ref(type)));
    responses.putObject("default").put("$ref", "#/components/responses/Refusal");
    return described;
  }

  /// A reference to a record's schema, which is written down on the way.
  private ObjectNode ref(Class<?> type) {
    var name = type.getSimpleName();
    var before = named.put(name, type);
    if (before != null && before != type) {
      throw new IllegalStateException("two records of the web app's API are named " + name);
    }
    if (before == null) {
      schemas.put(name, schema(type));
    }
    return object().put("$ref", "#/components/schemas/" + name);
  }

  private ObjectNode schema(Class<?> type) {
    var schema = object().put("type", "object");
    var properties = schema.putObject("properties");
    var required = ControlJson.MAPPER.createArrayNode();
    for (var component : components(type)) {
      var name = snakeCase(component.getName());
      var componentType = component.getGenericType();
      if (componentType instanceof ParameterizedType optional
          && optional.getRawType() == Optional.class) {
        properties.set(name, of(optional.getActualTypeArguments()[0]));
      } else {
        properties.set(name, of(componentType));
        required.add(name);
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema.put("additionalProperties", false);
  }

  private static RecordComponent[] components(Class<?> type) {
    var components = type.getRecordComponents();
    if (components == null) {
      throw new IllegalStateException(type + " is no record, so it has no schema");
    }
    return components;
  }

  private ObjectNode of(Type type) {
    if (type instanceof ParameterizedType generic) {
      var arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return object().put("type", "array").set("items", of(arguments[0]));
      }
      if (generic.getRawType() == Map.class && arguments[0] == String.class) {
        return object().put("type", "object").set("additionalProperties", of(arguments[1]));
      }
    }
    if (type == String.class) {
      return object().put("type", "string");
    }
    if (type == Secret.class) {
      return object().put("type", "string").put("format", "password");
    }
    if (type == Instant.class) {
      return object().put("type", "string").put("format", "date-time");
    }
    if (type == Duration.class) {
      return object().put("type", "string").put("format", "duration");
    }
    if (type == boolean.class) {
      return object().put("type", "boolean");
    }
    if (type == int.class) {
      return object().put("type", "integer").put("format", "int32");
    }
    if (type == JsonNode.class) {
      return object().put("type", "object");
    }
    if (type instanceof Class<?> record && record.isRecord()) {
      return ref(record);
    }
    throw new IllegalStateException("no schema for " + type);
  }

  private static String snakeCase(String name) {
    var snake = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c)) {
        snake.append('_');
      }
      snake.append(Character.toLowerCase(c));
    }
    return snake.toString();
  }

  private static ObjectNode object() {
    return ControlJson.MAPPER.createObjectNode();
  }
}
