package dev.sallyport.auth.state;

import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Origin;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import java.util.Optional;

/// How people sign in to this cluster, as it is kept.
public final class PreferenceState {
  private final ResourceState resources;

  public PreferenceState(ResourceState resources) {
    this.resources = resources;
  }

  /// What holds now.
  public AuthPreference current() {
    return stored(resources).orElse(AuthPreference.DEFAULT);
  }

  /// Keeps what a start brings: the config file wins over everything; without it, what somebody
  /// made through the API stays, and anything else becomes the default.
  ///
  /// @param configured of the config file
  /// @param kept commits the preference with the record of it
  public static void start(StateStore store, Optional<AuthPreference> configured, Keeping kept) {
    var stored = stored(new ResourceState(store));
    var isDynamic =
        stored.flatMap(known -> Origin.of(known.metadata())).filter(Origin.DYNAMIC::equals);
    if (configured.isEmpty() && isDynamic.isPresent()) {
      return;
    }
    var wanted = configured.orElse(AuthPreference.DEFAULT);
    var known = stored.map(old -> old.withMetadata(old.metadata().withRevision(Optional.empty())));
    if (!known.equals(Optional.of(wanted))) {
      kept.commit(ResourceState.put(wanted, Condition.always()), stored, wanted);
    }
  }

  private static Optional<AuthPreference> stored(ResourceState resources) {
    return resources
        .get(Kind.CLUSTER_AUTH_PREFERENCE, AuthPreference.NAME)
        .map(AuthPreference.class::cast);
  }
}
