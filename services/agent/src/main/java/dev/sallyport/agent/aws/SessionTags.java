package dev.sallyport.agent.aws;

import dev.sallyport.model.AwsSessionMarks;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.UserIdentity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The session tags of a user: the database's own, and those that its configuration takes from
/// traits. Keys come from the configuration alone. A trait gives its tag only as it is: one value
/// that AWS takes, the same in the certificate and in the cluster. Anything else refuses the
/// request, since a missing tag may be all that a policy of AWS looks at, and a value that was made
/// to fit may be another user's.
public final class SessionTags {
  private SessionTags() {}

  /// What comes of it.
  public sealed interface Made {
    /// All of them by key.
    record Tags(Map<String, String> byKey) implements Made {}

    /// The user cannot have a session.
    record Refused(String reason) implements Made {}
  }

  /// @param certified the user as the certificate tells
  /// @param now the user's traits as the cluster knows them now; asked only where a tag needs one
  public static Made of(
      AwsSessionMarks marks, UserIdentity certified, Supplier<Map<String, List<String>>> now) {
    if (marks.traitTags().isEmpty()) {
      return new Made.Tags(marks.tags());
    }
    var known = now.get();
    var all = new LinkedHashMap<>(marks.tags());
    for (var wanted : marks.traitTags().entrySet()) {
      var trait = wanted.getValue();
      var values = certified.traits().getOrDefault(trait, List.of());
      var fault = fault(values, known.getOrDefault(trait, List.of()));
      if (!fault.isEmpty()) {
        return new Made.Refused(
            "session tag %s needs trait %s of the user, %s"
                .formatted(Quoted.of(wanted.getKey()), Quoted.of(trait), fault));
      }
      all.put(wanted.getKey(), values.getFirst());
    }
    return new Made.Tags(all);
  }

  private static String fault(List<String> values, List<String> now) {
    if (!values.equals(now)) {
      return "which changed since the sign-in: sign in again with 'tsh login --again'";
    }
    if (values.size() != 1) {
      return values.isEmpty()
          ? "who has none"
          : "who has %d values of it, and a tag has one".formatted(values.size());
    }
    return AwsSessionMarks.isValue(values.getFirst()) && !values.getFirst().isBlank()
        ? ""
        : "whose value is not one that AWS takes for a tag (up to 256 letters, digits, blanks and"
            + " any of _.:/=+-@)";
  }
}
