package dev.sallyport.dynamodb;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The fields of a request that name tables, as a tree to walk along while parsing. Built once for
/// each operation and only read afterwards.
final class TableFields {

  /// What a field's text is.
  enum Role {
    /// A table's name or ARN.
    TABLE,
    /// The name of an index of the request's table.
    INDEX,
    /// A position in a stream, which holds the stream's ARN.
    ITERATOR,
    /// A PartiQL statement.
    STATEMENT
  }

  private static final String ELEMENT = "[]";
  private static final String KEYS = "{}";

  private final Map<String, TableFields> members = new HashMap<>();
  private final Map<String, String> spellings = new HashMap<>();
  private @Nullable TableFields element;
  private @Nullable Role role;
  private boolean keysAreTables;

  /// Adds a path such as `TransactItems[].Get.TableName` or `RequestItems{}`.
  void add(String path) {
    int dot = path.indexOf('.');
    String step = dot < 0 ? path : path.substring(0, dot);
    boolean list = step.endsWith(ELEMENT);
    boolean keys = step.endsWith(KEYS);
    String name = list || keys ? step.substring(0, step.length() - 2) : step;
    TableFields member = members.computeIfAbsent(name, absent -> new TableFields());
    spellings.put(name.toLowerCase(Locale.ROOT), name);
    if (list) {
      if (member.element == null) {
        member.element = new TableFields();
      }
      member = member.element;
    }
    if (dot >= 0) {
      member.add(path.substring(dot + 1));
    } else if (keys) {
      member.keysAreTables = true;
    } else {
      member.role = roleOf(name);
    }
  }

  private static Role roleOf(String name) {
    if (name.endsWith("IndexName")) {
      return Role.INDEX;
    }
    if (name.endsWith("TableName") || name.endsWith("Arn")) {
      return Role.TABLE;
    }
    return switch (name) {
      case "ShardIterator" -> Role.ITERATOR;
      case "Statement" -> Role.STATEMENT;
      default -> throw new IllegalArgumentException("no role for field " + name);
    };
  }

  /// What stands under the member; empty when nothing below names a table.
  Optional<TableFields> member(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /// Whether the name equals one of ours but for case. AWS would not take it for ours, or so we
  /// believe: better refuse.
  boolean almostMember(String name) {
    return !members.containsKey(name) && spellings.containsKey(name.toLowerCase(Locale.ROOT));
  }

  /// What an element of the list is; empty when it is no list to us.
  Optional<TableFields> element() {
    return Optional.ofNullable(element);
  }

  /// What the text is; empty when the field is no text to us.
  Optional<Role> role() {
    return Optional.ofNullable(role);
  }

  /// Whether the object's keys are names of tables.
  boolean keysAreTables() {
    return keysAreTables;
  }
}
