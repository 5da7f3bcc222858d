package dev.sallyport.auth.state;

import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Kind;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Role;
import dev.sallyport.model.User;
import dev.sallyport.resources.ResourceJson;
import dev.sallyport.store.Condition;
import dev.sallyport.store.Item;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Resources in the state. Every one that comes out carries the revision under which it is kept.
public final class ResourceState {
  private final StateStore store;
  private final Optional<ResourceCache> cache;

  /// Reads the store anew each time.
  public ResourceState(StateStore store) {
    this(store, Optional.empty());
  }

  private ResourceState(StateStore store, Optional<ResourceCache> cache) {
    this.store = store;
    this.cache = cache;
  }

  /// Keeps in memory what is many and read often. Worth it for whoever stays.
  public static ResourceState cached(StateStore store, InstantSource clock) {
    return new ResourceState(store, Optional.of(new ResourceCache(store, clock)));
  }

  /// The resource of that kind and API name, with its secrets.
  public Optional<Resource> get(Kind kind, String name) {
    var key = Keys.resource(kind, name);
    return cache(kind)
        .map(kept -> kept.get(key))
        .orElseGet(() -> store.get(key).map(ResourceState::read));
  }

  /// All resources of a kind, in order of their keys, with their secrets.
  public List<Resource> all(Kind kind) {
    return all(kind, Keys.prefix(kind));
  }

  private List<Resource> all(Kind kind, String prefix) {
    return cache(kind)
        .map(kept -> kept.all(prefix))
        .orElseGet(() -> store.all(prefix).stream().map(ResourceState::read).toList());
  }

  /// Resources of a kind that come behind a key, in order of their keys, with their secrets: some,
  /// and none only if there are no more.
  ///
  /// @param after the key of one that was given before; empty = from the start
  public List<Resource> behind(Kind kind, String after) {
    var prefix = Keys.prefix(kind);
    return cache(kind)
        .map(kept -> kept.behind(prefix, after.isEmpty() ? prefix : after))
        .orElseGet(() ->
            store.range(prefix, after, StateStore.PAGE_MAX).stream()
                .map(ResourceState::read)
                .toList());
  }

  public Optional<Role> role(String name) {
    return get(Kind.ROLE, name).map(Role.class::cast);
  }

  public Optional<User> user(String name) {
    return get(Kind.USER, name).map(User.class::cast);
  }

  public List<User> users() {
    return all(Kind.USER).stream().map(User.class::cast).toList();
  }

  /// The join token with that secret name.
  public Optional<ProvisionToken> token(String name) {
    return get(Kind.TOKEN, name).map(ProvisionToken.class::cast);
  }

  /// Who serves a database, by host.
  public List<DatabaseServer> serversOf(String database) {
    return cache
        .map(kept -> kept.serversOf(database))
        .orElseGet(() ->
            all(Kind.DB_SERVER).stream()
                .map(DatabaseServer.class::cast)
                .filter(server -> server.database().name().equals(database))
                .toList());
  }

  /// Who serves databases whose names are behind this one, by name and host.
  ///
  /// @param after empty = from the start
  public List<DatabaseServer> serversBehind(String after) {
    return cache
        .map(kept -> kept.serversBehind(after))
        .orElseGet(() ->
            all(Kind.DB_SERVER).stream()
                .map(DatabaseServer.class::cast)
                .filter(server -> server.database().name().compareTo(after) > 0)
                .sorted(
                    Comparator.comparing((DatabaseServer server) -> server.database().name())
                        .thenComparing(DatabaseServer::hostId))
                .toList());
  }

  /// What a host serves.
  public List<DatabaseServer> databaseServers(String hostId) {
    return all(Kind.DB_SERVER, Keys.databaseServers(hostId)).stream()
        .map(DatabaseServer.class::cast)
        .toList();
  }

  private Optional<ResourceCache> cache(Kind kind) {
    return cache.filter(kept -> kept.holds(kind));
  }

  /// The write that keeps a resource until its own expiry.
  public static Write.Put put(Resource resource, Condition condition) {
    var plain = resource.withMetadata(resource.metadata().withRevision(Optional.empty()));
    return new Write.Put(
        key(resource),
        ResourceJson.toJson(plain).toString(),
        condition,
        resource.metadata().expires());
  }

  /// The write that removes a resource.
  public static Write.Delete delete(Resource resource, Condition condition) {
    return new Write.Delete(key(resource), condition);
  }

  /// The key under which a resource is kept.
  public static String key(Resource resource) {
    return Keys.resource(resource.kind(), resource.resourceName());
  }

  /// The condition that nobody changed the resource since it was read.
  public static Condition unchanged(Resource resource) {
    return revision(resource).map(Condition::atRevision).orElse(Condition.absent());
  }

  /// The store's revision in a resource's metadata; empty when there is none or it is not ours.
  public static Optional<Long> revision(Resource resource) {
    return resource
        .metadata()
        .revision()
        .filter(text -> text.matches("[0-9]{1,18}"))
        .map(Long::valueOf);
  }

  /// What an item of one of the resource prefixes holds.
  public static Resource read(Item item) {
    var resource = ResourceJson.fromJson(item.value());
    var revision = Optional.of(Long.toString(item.revision()));
    return resource.withMetadata(resource.metadata().withRevision(revision));
  }
}
