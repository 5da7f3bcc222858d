package dev.sallyport.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Somebody who can sign in. Passwords and second factors are kept elsewhere and never pass here.
///
/// @param other fields that change nothing here, kept as they came
public record User(
    Metadata metadata,
    List<String> roles,
    Map<String, List<String>> traits,
    Optional<CreatedBy> createdBy,
    UserStatus status,
    Map<String, Object> other)
    implements Resource {
  public User {
    Objects.requireNonNull(metadata, "metadata");
    roles = List.copyOf(roles);
    traits = Frozen.lists(traits);
    Objects.requireNonNull(createdBy, "createdBy");
    Objects.requireNonNull(status, "status");
    other = Frozen.tree(other);
  }

  public User(
      Metadata metadata,
      List<String> roles,
      Map<String, List<String>> traits,
      Optional<CreatedBy> createdBy) {
    this(metadata, roles, traits, createdBy, UserStatus.OPEN, Map.of());
  }

  public String name() {
    return metadata.name();
  }

  /// When the user was made. One who was made anew under an old name is somebody else.
  public Optional<Instant> since() {
    return createdBy.map(CreatedBy::time);
  }

  public User withRoles(List<String> newRoles) {
    return new User(metadata, newRoles, traits, createdBy, status, other);
  }

  public User withTraits(Map<String, List<String>> newTraits) {
    return new User(metadata, roles, newTraits, createdBy, status, other);
  }

  public User withCreatedBy(Optional<CreatedBy> newCreatedBy) {
    return new User(metadata, roles, traits, newCreatedBy, status, other);
  }

  public User withStatus(UserStatus newStatus) {
    return new User(metadata, roles, traits, createdBy, newStatus, other);
  }

  @Override
  public Kind kind() {
    return Kind.USER;
  }

  @Override
  public User withMetadata(Metadata newMetadata) {
    return new User(newMetadata, roles, traits, createdBy, status, other);
  }
}
