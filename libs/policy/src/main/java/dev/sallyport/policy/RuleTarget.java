package dev.sallyport.policy;

import dev.sallyport.model.Kind;
import dev.sallyport.model.Resource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What a verb is asked for: a thing of a kind, or the kind alone while the thing is not known.
///
/// @param kind as rules spell it; also of things without a document, such as `event`
public record RuleTarget(String kind, Optional<Thing> thing) {
  public RuleTarget {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(thing, "thing");
  }

  /// What conditions of rules may ask of a thing.
  ///
  /// @param participants who took part in a session; absent for anything else
  public record Thing(
      String name, Map<String, String> labels, Optional<List<String>> participants) {
    public Thing {
      Objects.requireNonNull(name, "name");
      labels = Map.copyOf(labels);
      participants = participants.map(List::copyOf);
    }
  }

  /// The kind alone. A rule whose condition asks for the thing allows nothing then.
  public static RuleTarget ofKind(String kind) {
    return new RuleTarget(kind, Optional.empty());
  }

  /// The kind alone. A rule whose condition asks for the thing allows nothing then.
  public static RuleTarget ofKind(Kind kind) {
    return ofKind(kind.wireName());
  }

  /// One resource. To change one, both what is stored and what is to be stored must be asked for.
  public static RuleTarget of(Resource resource) {
    return new RuleTarget(
        resource.kind().wireName(),
        Optional.of(
            new Thing(resource.resourceName(), resource.metadata().labels(), Optional.empty())));
  }

  /// One session, or anything else in which people took part.
  public static RuleTarget session(String kind, String name, List<String> participants) {
    return new RuleTarget(kind, Optional.of(new Thing(name, Map.of(), Optional.of(participants))));
  }
}
