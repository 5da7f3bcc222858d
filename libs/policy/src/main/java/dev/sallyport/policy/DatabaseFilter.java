package dev.sallyport.policy;

import dev.sallyport.model.Database;
import dev.sallyport.policy.language.Condition;
import dev.sallyport.policy.language.InvalidExpression;
import dev.sallyport.policy.language.Undecided;
import dev.sallyport.policy.language.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Which databases of a list somebody wants to see: by labels, words and a query. It gives nothing
/// and hides nothing: what may be seen is decided elsewhere.
///
/// A query is a condition of the language of roles over `labels`, `name`, `resource.kind`,
/// `resource.metadata.*`, `resource.spec.*` and `health.status`, with `search`, `exists`,
/// `hasPrefix` and `split` besides.
public final class DatabaseFilter implements Predicate<Database> {
  private static final String UNKNOWN = "unknown";

  private record Seen(Database database, String health) {}

  private static final Vocabulary<Seen> VOCABULARY =
      Vocabulary.<Seen>withLabels(seen -> seen.database().labels().values())
          .text("name", seen -> seen.database().name())
          .text("resource.kind", seen -> seen.database().kind().wireName())
          .text("resource.metadata.name", seen -> seen.database().name())
          .text(
              "resource.metadata.description",
              seen -> seen.database().metadata().description().orElse(""))
          .textMap("resource.metadata.labels", seen -> seen.database().labels().values())
          .text("resource.spec.protocol", seen -> seen.database().protocol())
          .text("resource.spec.uri", seen -> seen.database().uri().orElse(""))
          .text("resource.spec.aws.region", seen -> seen.database().aws().region())
          .text("resource.spec.aws.account_id", seen -> seen.database().aws().accountId())
          .text("health.status", Seen::health)
          .searchable(seen -> everything(seen.database()));

  private final Map<String, String> labels;
  private final List<String> words;
  private final Optional<Condition<Seen>> query;

  private DatabaseFilter(
      Map<String, String> labels, List<String> words, Optional<Condition<Seen>> query) {
    this.labels = labels;
    this.words = words;
    this.query = query;
  }

  /// @param labels that a database must have, with these values
  /// @param search texts of words, each of which must stand somewhere: in name, description, labels
  ///   or protocol, in any case
  /// @throws IllegalArgumentException with the place, if the query can't be read
  public static DatabaseFilter of(
      Map<String, String> labels, List<String> search, Optional<String> query) {
    var words = new ArrayList<String>();
    for (var text : search) {
      for (var word : text.split("[\\s,]+")) {
        words.add(word.toLowerCase(Locale.ROOT));
      }
    }
    try {
      var condition =
          query.isEmpty()
              ? Optional.<Condition<Seen>>empty()
              : Optional.of(Condition.parse(query.get(), VOCABULARY));
      return new DatabaseFilter(Map.copyOf(labels), List.copyOf(words), condition);
    } catch (InvalidExpression e) {
      throw new IllegalArgumentException(
          "failed to parse predicate expression: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean test(Database database) {
    return test(database, UNKNOWN);
  }

  /// @param health what is known of whether its agents reach it: a word of
  ///   `status.target_health.status`, or `mixed`
  public boolean test(Database database, String health) {
    var all = everything(database).toLowerCase(Locale.ROOT);
    return database.labels().values().entrySet().containsAll(labels.entrySet())
        && words.stream().allMatch(all::contains)
        && (query.isEmpty() || holds(query.get(), new Seen(database, health)));
  }

  private static boolean holds(Condition<Seen> condition, Seen seen) {
    try {
      return condition.holds(seen);
    } catch (Undecided e) {
      return false;
    }
  }

  private static String everything(Database database) {
    var parts = new ArrayList<String>();
    parts.add(database.name());
    parts.add(database.metadata().description().orElse(""));
    parts.add(database.protocol());
    database
        .labels()
        .values()
        .forEach((key, value) -> {
          parts.add(key);
          parts.add(value);
        });
    return String.join("\n", parts);
  }
}
