package dev.sallyport.dynamodb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// One reading of one body for its record. Goes only into those objects that hold requests; items,
/// values of expressions and everything unknown are passed over.
final class ContentReader {

  private static final Map<String, String> CONDITIONS =
      Map.ofEntries(
          Map.entry("ConditionExpression", "condition"),
          Map.entry("Expected", "condition"),
          Map.entry("FilterExpression", "filter"),
          Map.entry("QueryFilter", "filter"),
          Map.entry("ScanFilter", "filter"),
          Map.entry("KeyConditionExpression", "key_condition"),
          Map.entry("KeyConditions", "key_condition"),
          Map.entry("ProjectionExpression", "projection"),
          Map.entry("AttributesToGet", "projection"),
          Map.entry("UpdateExpression", "update"),
          Map.entry("AttributeUpdates", "update"),
          Map.entry("ExclusiveStartKey", "page"));

  /// Objects and lists of objects that hold requests.
  private static final Set<String> HOLDERS =
      Set.of(
          "TransactItems",
          "TransactStatements",
          "Statements",
          "Get",
          "Put",
          "Update",
          "Delete",
          "ConditionCheck",
          "PutRequest",
          "DeleteRequest");

  private static final Pattern EQUALS =
      Pattern.compile("(#?[A-Za-z_][A-Za-z0-9_.-]{0,254})\\s*=\\s*(:[A-Za-z0-9_]{1,255})");

  private static final int EXPRESSION_LENGTH_MAX = 4096;
  private static final int PLACEHOLDERS_MAX = 64;

  private final Set<String> itemKeys;
  private final Map<String, List<String>> keys = new LinkedHashMap<>();
  private final Set<String> conditions = new LinkedHashSet<>();
  private final List<String> statements = new ArrayList<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, String> values = new LinkedHashMap<>();
  private String keyCondition = "";
  private boolean asksForCapacity;
  private boolean cut;
  private int items;
  private @Nullable Set<String> tableKey;

  /// @param itemKeys which attributes of whole items are keys, as far as that is known
  ContentReader(Set<String> itemKeys) {
    this.itemKeys = itemKeys;
  }

  RequestContent read(byte[] body) {
    try (JsonParser parser = BodyJson.LENIENT.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return RequestContent.NONE;
      }
      request(parser);
    } catch (JacksonException malformed) {
      return RequestContent.NONE;
    }
    keysOfCondition();
    var whole = tableKey == null ? Set.<String>of() : tableKey;
    return new RequestContent(keys, conditions, items, statements, asksForCapacity, cut, whole);
  }

  private void request(JsonParser parser) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      String condition = CONDITIONS.get(name);
      if (condition != null && token != JsonToken.VALUE_NULL) {
        conditions.add(condition);
      }
      field(parser, name, token);
    }
  }

  private void field(JsonParser parser, String name, JsonToken token) {
    if (HOLDERS.contains(name)) {
      holder(parser, token);
    } else if (token == JsonToken.START_OBJECT) {
      object(parser, name);
    } else if (token == JsonToken.START_ARRAY && name.equals("Keys")) {
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        key(parser);
      }
    } else if (token == JsonToken.VALUE_STRING) {
      text(name, parser.getString());
    } else {
      parser.skipChildren();
    }
  }

  private void object(JsonParser parser, String name) {
    switch (name) {
      case "Key" -> key(parser);
      case "Item" -> {
        items++;
        item(parser);
      }
      case "RequestItems" -> tables(parser);
      case "ExpressionAttributeNames" -> placeholders(parser, names);
      case "ExpressionAttributeValues" -> placeholders(parser, values);
      case "KeyConditions" -> keyConditions(parser);
      default -> parser.skipChildren();
    }
  }

  private void text(String name, String text) {
    switch (name) {
      case "Statement" -> {
        if (statements.size() == RequestContent.STATEMENTS_MAX) {
          cut = true;
        } else {
          statements.add(PartiqlMask.of(text));
        }
      }
      case "KeyConditionExpression" -> keyCondition = text;
      case "ReturnConsumedCapacity" -> asksForCapacity = !text.equals("NONE");
      default -> {}
    }
  }

  private void holder(JsonParser parser, JsonToken token) {
    if (token == JsonToken.START_OBJECT) {
      request(parser);
    } else if (token == JsonToken.START_ARRAY) {
      elements(parser);
    }
  }

  private void elements(JsonParser parser) {
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY && token != null;
        token = parser.nextToken()) {
      if (token == JsonToken.START_OBJECT) {
        request(parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  /// Each table holds a list of writes, or an object with keys to read.
  private void tables(JsonParser parser) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      holder(parser, parser.nextToken());
    }
  }

  private void key(JsonParser parser) {
    items++;
    Set<String> whole = new LinkedHashSet<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (whole.size() <= RequestContent.TABLE_KEY_MAX) {
        whole.add(name);
      }
      key(name, value(parser));
    }
    if (tableKey == null && whole.size() <= RequestContent.TABLE_KEY_MAX) {
      tableKey = whole;
    } else if (!whole.equals(tableKey)) {
      tableKey = Set.of();
    }
  }

  private void item(JsonParser parser) {
    if (itemKeys.isEmpty()) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (itemKeys.contains(name)) {
        key(name, value(parser));
      } else {
        parser.skipChildren();
      }
    }
  }

  private void key(String name, @Nullable String value) {
    if (value == null) {
      return;
    }
    List<String> known = keys.get(name);
    if (known == null) {
      if (keys.size() == RequestContent.KEYS_MAX || name.length() > 255) {
        cut = true;
        return;
      }
      known = new ArrayList<>();
      keys.put(name, known);
    }
    if (known.size() == RequestContent.VALUES_MAX) {
      cut = true;
    } else {
      known.add(value);
    }
  }

  /// An attribute's value as type and text; null when it is of no type that a key has.
  private static @Nullable String value(JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return null;
    }
    String value = null;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String type = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_STRING && Set.of("S", "N", "B").contains(type)) {
        String text = parser.getString();
        if (text.length() <= RequestContent.VALUE_LENGTH_MAX) {
          value = type + ":" + text;
        }
      } else {
        parser.skipChildren();
      }
    }
    return value;
  }

  private void placeholders(JsonParser parser, Map<String, String> into) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      String text = token == JsonToken.VALUE_STRING ? parser.getString() : value(parser);
      if (text != null && into.size() < PLACEHOLDERS_MAX) {
        into.put(name, text);
      }
    }
  }

  /// The form of before expressions: each attribute with an operator and a list of values.
  private void keyConditions(JsonParser parser) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        parser.skipChildren();
        continue;
      }
      boolean equal = false;
      String value = null;
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = parser.currentName();
        JsonToken token = parser.nextToken();
        if (field.equals("ComparisonOperator") && token == JsonToken.VALUE_STRING) {
          equal = parser.getString().equals("EQ");
        } else if (field.equals("AttributeValueList") && token == JsonToken.START_ARRAY) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            value = value(parser);
          }
        } else {
          parser.skipChildren();
        }
      }
      key(name, equal ? value : null);
    }
  }

  private void keysOfCondition() {
    if (keyCondition.isEmpty() || keyCondition.length() > EXPRESSION_LENGTH_MAX) {
      return;
    }
    Matcher equal = EQUALS.matcher(keyCondition);
    while (equal.find()) {
      String name = equal.group(1);
      String real = name.startsWith("#") ? names.get(name) : name;
      if (real != null) {
        key(real, values.get(equal.group(2)));
      }
    }
  }
}
