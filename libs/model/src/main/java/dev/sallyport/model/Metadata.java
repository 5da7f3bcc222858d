package dev.sallyport.model;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What all resources have.
///
/// @param expires when the resource ceases to be; absent means never
/// @param revision of the state that this was read from; absent before it was stored
public record Metadata(
    String name,
    Optional<String> description,
    Map<String, String> labels,
    Optional<Instant> expires,
    Optional<String> revision) {
  public Metadata {
    Names.check(name, "metadata.name");
    Objects.requireNonNull(description, "description");
    labels = Frozen.map(labels);
    Objects.requireNonNull(expires, "expires");
    Objects.requireNonNull(revision, "revision");
  }

  public static Metadata named(String name) {
    return new Metadata(name, Optional.empty(), Map.of(), Optional.empty(), Optional.empty());
  }

  public Metadata withDescription(String text) {
    return new Metadata(name, Optional.of(text), labels, expires, revision);
  }

  public Metadata withLabels(Map<String, String> newLabels) {
    return new Metadata(name, description, newLabels, expires, revision);
  }

  public Metadata withExpires(Optional<Instant> newExpires) {
    return new Metadata(name, description, labels, newExpires, revision);
  }

  public Metadata withRevision(Optional<String> newRevision) {
    return new Metadata(name, description, labels, expires, newRevision);
  }
}
