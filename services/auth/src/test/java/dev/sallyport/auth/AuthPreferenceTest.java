package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.auth.state.PreferenceState;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.WriteMode;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.Kind;
import dev.sallyport.model.LockingMode;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Origin;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.sqlite.SqliteStateStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How people sign in: who may set it, and what a start keeps.
final class AuthPreferenceTest {
  private static final WriteMode CONFIRM = new WriteMode(true, true, false);

  @TempDir Path folder = Path.of("never");

  private static AuthPreference lasting(Duration ttl, Origin origin) {
    return new AuthPreference(
        origin.mark(Metadata.named(AuthPreference.NAME)),
        AuthPreference.SignIn.DEFAULT,
        AuthPreference.SecondFactors.OFF,
        new AuthPreference.Sessions(ttl, false, LockingMode.BEST_EFFORT, false),
        Optional.empty(),
        Map.of());
  }

  private static AuthPreference stored(StateStore store) {
    var found = new PreferenceState(new ResourceState(store)).current();
    return found.withMetadata(found.metadata().withRevision(Optional.empty()));
  }

  @Test
  void itIsSetReadBackAndObeyedByTheNextSignIn() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      cluster.user("alice", "access");
      assertThat(Origin.of(admin.get(Kind.CLUSTER_AUTH_PREFERENCE, AuthPreference.NAME).metadata()))
          .contains(Origin.DEFAULTS);
      // Over a default nothing needs force; the label that the caller gives does not count.
      var brief = lasting(Duration.ofHours(1), Origin.CONFIG_FILE);
      var made = admin.create(brief, false);
      assertThat(Origin.of(made.metadata())).contains(Origin.DYNAMIC);
      assertThat(cluster.signIn("alice").leaf().getNotAfter().toInstant())
          .isEqualTo(Cluster.START.plus(Duration.ofHours(1)));
      refused(() -> admin.create(brief, false), ErrorKind.ALREADY_EXISTS);
      admin.create(lasting(Duration.ofHours(2), Origin.DYNAMIC), true);
      refused(() -> admin.update(made), ErrorKind.COMPARE_FAILED);
      cluster.restart();
      assertThat(cluster.signIn("alice").leaf().getNotAfter().toInstant())
          .isEqualTo(Cluster.START.plus(Duration.ofHours(2)));
      cluster.admin().delete(Kind.CLUSTER_AUTH_PREFERENCE, AuthPreference.NAME);
      assertThat(cluster.signIn("alice").leaf().getNotAfter().toInstant())
          .isEqualTo(Cluster.START.plus(Duration.ofHours(12)));
    }
  }

  @Test
  void whatTheConfigFileSaysIsReplacedOnlyWhenConfirmed() throws IOException {
    var configured = lasting(Duration.ofHours(3), Origin.CONFIG_FILE);
    try (var cluster = new Cluster(folder, Optional.of(configured))) {
      var admin = cluster.admin();
      var wanted = lasting(Duration.ofHours(1), Origin.DYNAMIC);
      refused(() -> admin.create(wanted, false), ErrorKind.ALREADY_EXISTS);
      refused(() -> admin.create(wanted, true), ErrorKind.BAD_PARAMETER);
      refused(
          () -> admin.delete(Kind.CLUSTER_AUTH_PREFERENCE, AuthPreference.NAME),
          ErrorKind.BAD_PARAMETER);
      admin.create(wanted, CONFIRM);
      assertThat(ttl(cluster)).isEqualTo(Duration.ofHours(1));
      cluster.restart();
      assertThat(ttl(cluster)).isEqualTo(Duration.ofHours(3));
    }
  }

  private static Duration ttl(Cluster cluster) throws IOException {
    var found = cluster.admin().get(Kind.CLUSTER_AUTH_PREFERENCE, AuthPreference.NAME);
    return ((AuthPreference) found).sessions().defaultTtl();
  }

  @Test
  void everybodyMayReadItAndWhoseRolesSaySoMaySetIt() throws IOException {
    try (var cluster = new Cluster(folder)) {
      cluster.user("bob", "editor");
      assertThat(cluster.client(cluster.signIn("bob")).list(Kind.CLUSTER_AUTH_PREFERENCE, false))
          .hasSize(1);
      cluster.user("eve", "access");
      var eve = cluster.client(cluster.signIn("eve"));
      assertThat(eve.list(Kind.CLUSTER_AUTH_PREFERENCE, false)).hasSize(1);
      refused(() -> eve.create(AuthPreference.DEFAULT, CONFIRM), ErrorKind.ACCESS_DENIED);
    }
  }

  @Test
  void aStartKeepsWhatSomebodySetUnlessTheConfigFileSaysOtherwise() {
    try (var store = SqliteStateStore.open(folder.resolve("s"), InstantSource.system())) {
      PreferenceState.start(store, Optional.empty(), Kept.in(store));
      assertThat(stored(store)).isEqualTo(AuthPreference.DEFAULT);
      var configured = lasting(Duration.ofHours(3), Origin.CONFIG_FILE);
      PreferenceState.start(store, Optional.of(configured), Kept.in(store));
      assertThat(stored(store)).isEqualTo(configured);
      var revision = store.revision();
      PreferenceState.start(store, Optional.of(configured), Kept.in(store));
      assertThat(store.revision()).isEqualTo(revision);
      // Gone from the file: the default again.
      PreferenceState.start(store, Optional.empty(), Kept.in(store));
      assertThat(stored(store)).isEqualTo(AuthPreference.DEFAULT);
    }
  }
}
