package dev.sallyport.agent.session;

import dev.sallyport.model.Role;
import dev.sallyport.pki.TrustBundle;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the agent knows of the cluster, as Auth's stream of changes keeps it. Answers at once, from
/// any thread.
public interface ClusterFacts {
  /// Whether the picture is whole and was confirmed within the last second; when not, nothing may
  /// be allowed by it.
  boolean fresh(Instant now);

  /// Changes whenever anything else here does.
  long version();

  /// The roles of a user; empty when there is no such user.
  Optional<List<String>> rolesOf(String user);

  /// A role's definition.
  Optional<Role> role(String name);

  /// The authorities that are trusted now.
  TrustBundle trust();
}
