package dev.sallyport.store;

import java.util.HashSet;
import java.util.List;

/// The checks of what callers hand in, the same for every engine.
public final class StoreLimits {
  private StoreLimits() {}

  /// Refuses an unusable commit: no or too many writes, a key twice, bad keys, long values.
  public static void checkWrites(List<Write> writes) {
    if (writes.isEmpty() || writes.size() > StateStore.WRITES_MAX) {
      throw new StoreException(
          "writes of a commit: %d (expected: 1 to %d)"
              .formatted(writes.size(), StateStore.WRITES_MAX));
    }
    var keys = new HashSet<String>();
    for (var write : writes) {
      checkKey(write.key());
      if (!keys.add(write.key())) {
        throw new StoreException("key " + write.key() + " stands twice in one commit");
      }
      if (write instanceof Write.Put put && put.value().length() > StateStore.VALUE_LENGTH_MAX) {
        throw new StoreException(
            "value of key %s: %d characters (expected: at most %d)"
                .formatted(put.key(), put.value().length(), StateStore.VALUE_LENGTH_MAX));
      }
    }
  }

  /// Refuses an empty or long key, and one with control characters or broken surrogates.
  public static void checkKey(String key) {
    if (key.isEmpty()) {
      throw new StoreException("empty key");
    }
    checkPrefix(key);
  }

  /// Refuses a prefix that no key can have.
  public static void checkPrefix(String prefix) {
    if (prefix.length() > StateStore.KEY_LENGTH_MAX) {
      throw new StoreException(
          "key of %d characters (expected: at most %d)"
              .formatted(prefix.length(), StateStore.KEY_LENGTH_MAX));
    }
    if (prefix.codePoints().anyMatch(StoreLimits::forbidden)) {
      throw new StoreException("a key holds a control or unassigned character");
    }
  }

  /// Refuses a page size outside 1 to [StateStore#PAGE_MAX].
  public static void checkPage(int limit) {
    if (limit < 1 || limit > StateStore.PAGE_MAX) {
      throw new StoreException(
          "page of %d (expected: 1 to %d)".formatted(limit, StateStore.PAGE_MAX));
    }
  }

  private static boolean forbidden(int codePoint) {
    return Character.isISOControl(codePoint)
        || (codePoint >= 0xD800 && codePoint <= 0xDFFF)
        || codePoint == Character.MAX_CODE_POINT;
  }
}
