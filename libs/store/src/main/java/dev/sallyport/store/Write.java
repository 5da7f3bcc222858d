package dev.sallyport.store;

import java.time.Instant;
import java.util.Optional;

/// One step of a commit. Values are left out of their texts, for they may hold secrets.
public sealed interface Write {
  /// @return the key it is about
  String key();

  /// @return what must hold for the whole commit to happen
  Condition condition();

  /// Stores a value under a key.
  record Put(String key, String value, Condition condition, Optional<Instant> expires)
      implements Write {
    @Override
    public String toString() {
      return "Put[key=" + key + ", condition=" + condition + ", expires=" + expires + "]";
    }
  }

  /// Removes a key; of a key that is not there it leaves no trace.
  record Delete(String key, Condition condition) implements Write {}

  /// Changes nothing, but stops the commit when the condition does not hold.
  record Check(String key, Condition condition) implements Write {}

  /// @return a put without expiry
  static Write put(String key, String value, Condition condition) {
    return new Put(key, value, condition, Optional.empty());
  }

  /// @return a put that expires
  static Write put(String key, String value, Condition condition, Instant expires) {
    return new Put(key, value, condition, Optional.of(expires));
  }

  /// @return a removal that succeeds also when there is nothing
  static Write delete(String key) {
    return new Delete(key, Condition.always());
  }
}
