package dev.sallyport.tsh.command;

import dev.sallyport.console.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Databases as a table for people. A column that would be empty is left out where it stands only
/// for some of them, and so is health while there is nothing to tell.
final class DatabaseTable {
  private static final int LABELS_WIDTH = 60;
  private static final Set<String> TROUBLE = Set.of("unhealthy", "mixed");
  private static final String HIDDEN_LABELS = "teleport.internal/";

  private final List<ListedDatabase> databases;
  private final boolean verbose;
  private final boolean everywhere;
  private final boolean health;

  /// @param everywhere whether they are of several clusters
  DatabaseTable(List<ListedDatabase> databases, boolean verbose, boolean everywhere) {
    this.databases = databases;
    this.verbose = verbose;
    this.everywhere = everywhere;
    this.health =
        verbose
            || databases.stream()
                .map(listed -> Databases.health(listed.access()))
                .anyMatch(TROUBLE::contains);
  }

  String text() {
    var connects = databases.stream().anyMatch(database -> database.chosenUser().isPresent());
    var headings = new ArrayList<String>();
    if (everywhere) {
      headings.addAll(List.of("Proxy", "Cluster"));
    }
    headings.addAll(List.of("Name", "Description"));
    if (verbose) {
      headings.addAll(List.of("Protocol", "Type", "URI"));
    }
    if (health) {
      headings.add("Health");
    }
    headings.addAll(List.of("Allowed Users", "Labels"));
    if (connects) {
      headings.add("Connect");
    }
    var table = new TextTable(headings.toArray(String[]::new));
    for (var database : databases) {
      table.row(cells(database, connects).toArray(String[]::new));
    }
    return table.text();
  }

  private List<String> cells(ListedDatabase listed, boolean connects) {
    var access = listed.access();
    var cells = new ArrayList<String>();
    if (everywhere) {
      cells.addAll(List.of(listed.proxy(), listed.cluster()));
    }
    cells.add(
        listed
            .chosenUser()
            .map(user -> "> %s (user: %s)".formatted(Databases.name(access), user))
            .orElse(Databases.name(access)));
    cells.add(Databases.description(access));
    if (verbose) {
      // The type of a database of one's own cloud account would differ; DynamoDB has but one.
      cells.addAll(
          List.of(Databases.protocol(access), Databases.protocol(access), Databases.uri(access)));
    }
    if (health) {
      cells.add(Databases.health(access));
    }
    cells.addAll(List.of(Databases.allowedCell(access), labels(listed)));
    if (connects) {
      cells.add(listed.chosenUser().isPresent() ? connect(listed) : "");
    }
    return cells;
  }

  private String connect(ListedDatabase listed) {
    var elsewhere = everywhere ? "--proxy=" + listed.proxy() + " " : "";
    return "tsh proxy db --tunnel " + elsewhere + Databases.name(listed.access());
  }

  private String labels(ListedDatabase listed) {
    var shown = new LinkedHashMap<>(Databases.labels(listed.access()));
    if (!verbose) {
      shown.keySet().removeIf(key -> key.startsWith(HIDDEN_LABELS));
    }
    var cell =
        shown.entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(","));
    return verbose || cell.length() <= LABELS_WIDTH
        ? cell
        : cell.substring(0, LABELS_WIDTH - 1) + "…";
  }
}
