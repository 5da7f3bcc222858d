package dev.sallyport.auth.watch;

import dev.sallyport.auth.locks.Locks;
import dev.sallyport.auth.state.Keys;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.UserRoles;
import dev.sallyport.control.WatchEvent;
import dev.sallyport.model.AuthConnector;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Lock;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Role;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.User;
import dev.sallyport.pki.IdentityExtension;
import dev.sallyport.resources.ResourceJson;
import dev.sallyport.store.Change;
import dev.sallyport.store.Item;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What watchers are shown of the state: kinds without secrets, users reduced to their roles and
/// traits.
final class WatchView {
  /// What every part of the cluster goes by.
  private static final Set<Kind> OF_ALL =
      EnumSet.of(Kind.CERT_AUTHORITY, Kind.CLUSTER_AUTH_PREFERENCE, Kind.LOCK);

  /// What else an agent judges by, and the databases that it may choose from. Not what other agents
  /// serve.
  private static final Set<Kind> OF_AGENTS = EnumSet.of(Kind.ROLE, Kind.USER, Kind.DB);

  /// What else a Proxy chooses agents by. Not who may do what, which it does not judge.
  private static final Set<Kind> OF_PROXIES = EnumSet.of(Kind.DB_SERVER);

  private WatchView() {}

  /// The kinds that a part of the cluster may watch: those that it needs. Nobody watches tokens,
  /// whose names are secrets.
  static Set<Kind> watchable(SystemRole role) {
    var kinds = EnumSet.copyOf(OF_ALL);
    switch (role) {
      case DB -> kinds.addAll(OF_AGENTS);
      case PROXY -> kinds.addAll(OF_PROXIES);
      // The one has the state itself, the other asks.
      case AUTH, ADMIN -> {}
    }
    return kinds;
  }

  static List<String> prefixes(Set<Kind> kinds) {
    return kinds.stream().map(Keys::prefix).toList();
  }

  static WatchEvent put(Item item, long revision) {
    var resource = ResourceState.read(item);
    return WatchEvent.put(
        resource.kind().wireName(), resource.resourceName(), revision, value(resource));
  }

  static WatchEvent event(Change change, Set<Kind> kinds) {
    if (change.item().isPresent()) {
      return put(change.item().get(), change.revision());
    }
    for (var kind : kinds) {
      var prefix = Keys.prefix(kind);
      if (change.key().startsWith(prefix)) {
        return WatchEvent.delete(
            kind.wireName(), change.key().substring(prefix.length()), change.revision());
      }
    }
    throw new IllegalStateException("the feed gave a key of another kind");
  }

  /// A locked user has nothing left, which ends their sessions. Nor do traits count that are too
  /// long for any certificate: so watchers need no more memory for a user than a certificate has.
  private static UserRoles reduced(User user) {
    if (user.status().locked()) {
      return new UserRoles(user.name(), List.of(), Optional.empty(), user.since());
    }
    var told =
        Optional.of(user.traits())
            .filter(traits -> !traits.isEmpty())
            .filter(traits -> length(traits) <= IdentityExtension.MAX_BYTES);
    return new UserRoles(user.name(), user.roles(), told, user.since());
  }

  private static long length(Map<String, List<String>> traits) {
    long length = 0;
    for (var trait : traits.entrySet()) {
      length += trait.getKey().length();
      for (var value : trait.getValue()) {
        length += value.length() + 1;
      }
    }
    return length;
  }

  private static JsonNode value(Resource resource) {
    return switch (resource) {
      case User user -> ControlJson.MAPPER.valueToTree(reduced(user));
      case CertAuthority authority -> ResourceJson.toJson(authority.withoutSecrets());
      case Lock lock -> ResourceJson.toJson(Locks.masked(lock));
      case Role _, DatabaseServer _, Database _, AuthPreference _ -> ResourceJson.toJson(resource);
      case AuthConnector connector -> ResourceJson.toJson(connector.withoutSecrets());
      case ProvisionToken _ -> throw new IllegalStateException("tokens can't be watched");
    };
  }
}
