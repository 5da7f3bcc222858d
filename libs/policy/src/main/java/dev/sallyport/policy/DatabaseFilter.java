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
  /// Nobody looks at the health of databases here.
  private static final String HEALTH = "unknown";

  private static final Vocabulary<Database> VOCABULARY =
      Vocabulary.<Database>withLabels(database -> database.labels().values())
          .text("name", Database::name)
          .text("resource.kind", database -> database.kind().wireName())
          .text("resource.metadata.name", Database::name)
          .text(
              "resource.metadata.description",
              database -> database.metadata().description().orElse(""))
          .textMap("resource.metadata.labels", database -> database.labels().values())
          .text("resource.spec.protocol", Database::protocol)
          .text("resource.spec.uri", database -> database.uri().orElse(""))
          .text("resource.spec.aws.region", database -> database.aws().region())
          .text("resource.spec.aws.account_id", database -> database.aws().accountId())
          .text("health.status", _ -> HEALTH)
          .searchable(DatabaseFilter::everything);

  private final Map<String, String> labels;
  private final List<String> words;
  private final Optional<Condition<Database>> query;

  private DatabaseFilter(
      Map<String, String> labels, List<String> words, Optional<Condition<Database>> query) {
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
              ? Optional.<Condition<Database>>empty()
              : Optional.of(Condition.parse(query.get(), VOCABULARY));
      return new DatabaseFilter(Map.copyOf(labels), List.copyOf(words), condition);
    } catch (InvalidExpression e) {
      throw new IllegalArgumentException(
          "failed to parse predicate expression: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean test(Database database) {
    var all = everything(database).toLowerCase(Locale.ROOT);
    return database.labels().values().entrySet().containsAll(labels.entrySet())
        && words.stream().allMatch(all::contains)
        && (query.isEmpty() || holds(query.get(), database));
  }

  private static boolean holds(Condition<Database> condition, Database database) {
    try {
      return condition.holds(database);
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
