package dev.sallyport.agent.session;

import dev.sallyport.dynamodb.TableRef;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Which attributes are the key of which table. A request that writes a whole item does not say so;
/// it is learned from requests for a single item of the same table that DynamoDB took, so that it
/// costs no request of ours and no permission. The least lately used are forgotten. Safe for any
/// thread.
final class TableKeys {
  /// Most tables that are remembered.
  static final int MAX = 10_000;

  private static final int NAME_LENGTH_MAX = 255;
  private static final float LOAD = 0.75f;

  private final Map<String, Set<String>> known =
      new LinkedHashMap<>(16, LOAD, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<String>> eldest) {
          return size() > MAX;
        }
      };

  /// DynamoDB took a request that named the whole key.
  void learn(Collection<TableRef> tables, Set<String> key) {
    if (tables.size() == 1 && !key.isEmpty() && haveNames(key)) {
      var table = name(tables.iterator().next());
      synchronized (known) {
        known.put(table, key);
      }
    }
  }

  private static boolean haveNames(Set<String> key) {
    for (var name : key) {
      if (name.length() > NAME_LENGTH_MAX) {
        return false;
      }
    }
    return true;
  }

  /// The key that all of these tables have; empty when one is not known, or they differ: what is a
  /// key in one may be data in another.
  Set<String> of(Collection<TableRef> tables) {
    Set<String> common = Set.of();
    synchronized (known) {
      for (var table : tables) {
        var key = known.getOrDefault(name(table), Set.of());
        if (key.isEmpty() || !(common.isEmpty() || common.equals(key))) {
          return Set.of();
        }
        common = key;
      }
    }
    return common;
  }

  private static String name(TableRef table) {
    return String.join(":", table.partition(), table.region(), table.accountId(), table.name());
  }
}
