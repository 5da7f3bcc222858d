package dev.sallyport.agent.registration;

import dev.sallyport.control.DatabaseHeartbeat;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseMatcher;
import dev.sallyport.policy.language.LabelPattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Which databases an agent serves: all of its file, and those of the cluster that its matchers
/// choose. One of the file stands against one of the cluster with its name. The first matcher that
/// chooses a database shapes it. Where there are more than an agent can serve, those that it served
/// before stay: who makes one more takes nobody's away.
///
/// What the cluster says runs no command on this host: dynamic labels of a database of the cluster
/// are left out. Nor does it choose the hosts that this one connects to: only endpoints of AWS, and
/// what the matcher allows.
public final class DatabaseRoster {
  private static final String ANY = "*";

  private final List<Reader> matchers;
  private final UnaryOperator<Database> completion;
  private Set<String> before = Set.of();

  /// The databases to serve, and those that are not, each with the reason.
  public record Roll(List<Database> databases, List<Skipped> skipped) {}

  /// A database of the cluster of which something is not done, and why.
  public record Skipped(String database, String reason) {}

  private record Reader(DatabaseMatcher matcher, Map<String, List<LabelPattern>> patterns) {}

  /// @param completion adds what the environment says, and throws IllegalArgumentException with the
  ///   reason if the database cannot be served here
  public DatabaseRoster(List<DatabaseMatcher> matchers, UnaryOperator<Database> completion) {
    this.matchers = matchers.stream().map(DatabaseRoster::reader).toList();
    this.completion = completion;
  }

  private static Reader reader(DatabaseMatcher matcher) {
    var patterns = new LinkedHashMap<String, List<LabelPattern>>();
    matcher
        .labels()
        .values()
        .forEach(
            (key, values) -> patterns.put(key, values.stream().map(LabelPattern::parse).toList()));
    return new Reader(matcher, patterns);
  }

  /// @param ofFile complete, in the order of the file
  /// @param ofCluster in any order
  public synchronized Roll roll(List<Database> ofFile, Collection<Database> ofCluster) {
    var all = new ArrayList<>(ofFile);
    var skipped = new ArrayList<Skipped>();
    var names = new HashSet<>(ofFile.stream().map(Database::name).toList());
    var order =
        Comparator.comparing((Database database) -> !before.contains(database.name()))
            .thenComparing(Database::name);
    for (var database : ofCluster.stream().sorted(order).toList()) {
      var matcher = matcherOf(database);
      if (matcher.isEmpty()) {
        continue;
      }
      if (names.contains(database.name())) {
        skipped.add(new Skipped(database.name(), "one of this name stands in the agent's file"));
      } else if (all.size() >= DatabaseHeartbeat.DATABASES_MAX) {
        skipped.add(
            new Skipped(
                database.name(),
                "this agent serves %d already".formatted(DatabaseHeartbeat.DATABASES_MAX)));
      } else {
        shaped(database, matcher.get(), skipped).ifPresent(all::add);
      }
    }
    before = all.stream().map(Database::name).collect(Collectors.toUnmodifiableSet());
    return new Roll(List.copyOf(all), List.copyOf(skipped));
  }

  private Optional<Database> shaped(
      Database database, DatabaseMatcher matcher, List<Skipped> skipped) {
    try {
      matcher.requireKnownHosts(database);
      var plain =
          database
              .withMetadata(database.metadata().withRevision(Optional.empty()))
              .withDynamicLabels(Map.of());
      var shaped = completion.apply(matcher.applied(plain));
      if (!database.dynamicLabels().isEmpty()) {
        skipped.add(
            new Skipped(
                database.name(), "its dynamic_labels: agents run commands of their files alone"));
      }
      return Optional.of(shaped);
    } catch (IllegalArgumentException e) {
      skipped.add(new Skipped(database.name(), String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  private Optional<DatabaseMatcher> matcherOf(Database database) {
    var labels = database.metadata().labels();
    return matchers.stream()
        .filter(reader -> chooses(reader, labels))
        .map(Reader::matcher)
        .findFirst();
  }

  private static boolean chooses(Reader reader, Map<String, String> labels) {
    var all = reader.matcher.labels().values().getOrDefault(ANY, List.of()).contains(ANY);
    return all
        || (!reader.patterns.isEmpty()
            && reader.patterns.entrySet().stream()
                .allMatch(wanted -> {
                  var label = labels.get(wanted.getKey());
                  return label != null
                      && wanted.getValue().stream().anyMatch(pattern -> pattern.matches(label));
                }));
  }
}
