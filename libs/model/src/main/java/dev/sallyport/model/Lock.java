package dev.sallyport.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// Keeps whoever has all parts of its target out of everything, from when it is committed until it
/// is removed or its metadata's expiry has come.
///
/// @param message for those whom it hits
/// @param createdAt set by the Auth Service, as is `createdBy`
public record Lock(
    Metadata metadata,
    LockTarget target,
    Optional<String> message,
    Optional<Instant> createdAt,
    Optional<String> createdBy)
    implements Resource {
  /// The longest message.
  public static final int MAX_MESSAGE = 1024;

  public Lock {
    Objects.requireNonNull(metadata, "metadata");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(createdBy, "createdBy");
    if (message.filter(text -> text.length() > MAX_MESSAGE).isPresent()) {
      throw new IllegalArgumentException("message: more than %d characters".formatted(MAX_MESSAGE));
    }
  }

  public static Lock of(String name, LockTarget target) {
    return new Lock(
        Metadata.named(name), target, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// Whether it holds at that time.
  public boolean inForce(Instant now) {
    return metadata.expires().map(now::isBefore).orElse(true);
  }

  /// What somebody is told whom it hits.
  public String refusal() {
    return "lock targeting %s is in force%s"
        .formatted(target, message.map(text -> ": " + text).orElse(""));
  }

  public Lock withTarget(LockTarget newTarget) {
    return new Lock(metadata, newTarget, message, createdAt, createdBy);
  }

  public Lock withMessage(Optional<String> newMessage) {
    return new Lock(metadata, target, newMessage, createdAt, createdBy);
  }

  public Lock createdBy(String name, Instant time) {
    return new Lock(metadata, target, message, Optional.of(time), Optional.of(name));
  }

  @Override
  public Kind kind() {
    return Kind.LOCK;
  }

  @Override
  public Lock withMetadata(Metadata newMetadata) {
    return new Lock(newMetadata, target, message, createdAt, createdBy);
  }
}
