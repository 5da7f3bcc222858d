package dev.sallyport.agent.signing;

import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.model.Database;
import java.net.URI;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The databases that this agent serves now, and where their requests go. May be replaced as a
/// whole while requests are under way: what stays the same keeps its objects, and so its
/// connections. Safe for use by any thread.
public final class ServedDatabases {
  private final Function<AwsService, Optional<URI>> addresses;
  private volatile Map<String, Served> served;

  private record Served(Database database, Map<AwsService, Destination> destinations) {}

  /// What a replacement changes, by names in the order of the config file.
  ///
  /// @param after all of them then, the same objects where nothing changes
  public record Plan(
      List<String> added, List<String> changed, List<String> removed, List<Database> after) {
    /// Whether there is nothing to do.
    public boolean isNothing() {
      return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }
  }

  /// @param databases at first; their names differ
  /// @param addresses of services, where the operator set one for databases without a `uri`
  /// @throws IllegalArgumentException if an address breaks what a database asks for
  public ServedDatabases(
      Collection<Database> databases, Function<AwsService, Optional<URI>> addresses) {
    this.addresses = addresses;
    this.served = with(Map.of(), databases);
  }

  /// All of them, in the order of the config file.
  public List<Database> all() {
    return served.values().stream().map(Served::database).toList();
  }

  /// The one of this name.
  public Optional<Database> get(String name) {
    return Optional.ofNullable(served.get(name)).map(Served::database);
  }

  /// Whether a database that was got here is still served as it was then.
  public boolean isCurrent(Database database) {
    var now = served.get(database.name());
    return now != null && now.database.equals(database);
  }

  /// Where requests of a database and service go.
  ///
  /// @throws IllegalArgumentException if this agent does not serve the database
  public Destination destination(String database, AwsService service) {
    var found = served.get(database);
    if (found == null) {
      throw new IllegalArgumentException("database: \"" + database + "\" is not served here");
    }
    return destination(found, service);
  }

  /// The same, if everything that shapes requests of the database is as it was when somebody looked
  /// at it; labels do not.
  Optional<Destination> destination(Database asItWas, AwsService service) {
    var found = served.get(asItWas.name());
    return found != null && sameRequests(found.database, asItWas)
        ? Optional.of(destination(found, service))
        : Optional.empty();
  }

  private static boolean sameRequests(Database one, Database other) {
    return one.uri().equals(other.uri())
        && one.serviceUris().equals(other.serviceUris())
        && one.aws().equals(other.aws())
        && one.tls().equals(other.tls());
  }

  private static Destination destination(Served one, AwsService service) {
    @Nullable Destination destination = one.destinations.get(service);
    if (destination == null) {
      throw new IllegalStateException("no destination for " + service);
    }
    return destination;
  }

  /// What serving these instead would change; changes nothing.
  ///
  /// @throws IllegalArgumentException if an address breaks what a database asks for
  public Plan plan(Collection<Database> databases) {
    var before = served;
    var after = with(before, databases);
    return new Plan(
        after.keySet().stream().filter(name -> !before.containsKey(name)).toList(),
        after.keySet().stream()
            .filter(name ->
                before.containsKey(name) && !Objects.equals(after.get(name), before.get(name)))
            .toList(),
        before.keySet().stream().filter(name -> !after.containsKey(name)).toList(),
        after.values().stream().map(Served::database).toList());
  }

  /// Does nothing if this database can be served.
  ///
  /// @throws IllegalArgumentException if an address breaks what it asks for
  public void check(Database database) {
    served(database);
  }

  /// Serves what a plan of now says.
  public void follow(Plan plan) {
    served = with(served, plan.after());
  }

  private Map<String, Served> with(Map<String, Served> before, Collection<Database> databases) {
    var after = new LinkedHashMap<String, Served>();
    for (var database : databases) {
      var last = before.get(database.name());
      after.put(
          database.name(),
          last != null && last.database.equals(database) ? last : served(database));
    }
    return after;
  }

  private Served served(Database database) {
    var destinations = new EnumMap<AwsService, Destination>(AwsService.class);
    for (var service : AwsService.values()) {
      destinations.put(service, Destination.of(database, service, addresses.apply(service)));
    }
    return new Served(database, destinations);
  }
}
