package dev.sallyport.model;

import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What sessions of users' IAM roles carry beside their name. Nothing, unless a database's
/// configuration says so, for AWS refuses all of it where a trust policy does not allow it.
///
/// @param tags session tags by key, the same for everybody
/// @param traitTags the traits by key of the tag that tells their value; no other trait becomes a
///   tag, and none has a say in what a tag is called
/// @param sourceIdentity whether the user is the session's source identity too
public record AwsSessionMarks(
    Map<String, String> tags, Map<String, String> traitTags, boolean sourceIdentity) {
  /// Nothing.
  public static final AwsSessionMarks NONE = tagged(Map.of());

  private static final int MAX_TAGS = 50;
  private static final int MAX_KEY = 128;
  private static final int MAX_VALUE = 256;
  private static final Pattern TEXT = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");
  private static final String TAGS = "aws.session_tags";
  private static final String TRAITS = "aws.session_tags_from_traits";

  public AwsSessionMarks {
    tags = Frozen.map(tags);
    traitTags = Frozen.map(traitTags);
    if (tags.size() + traitTags.size() > MAX_TAGS) {
      throw new InvalidDatabase(
          traitTags.isEmpty() ? TAGS : TRAITS,
          "%d session tags (AWS allows at most %d)"
              .formatted(tags.size() + traitTags.size(), MAX_TAGS));
    }
    var keys = new TreeSet<String>();
    tags.forEach((key, value) -> {
      if (!isKey(key) || !isValue(value)) {
        throw wrong(TAGS, key, value);
      }
      addOnce(keys, TAGS, key);
    });
    traitTags.forEach((key, trait) -> {
      if (!isKey(key) || trait.isBlank()) {
        throw wrong(TRAITS, key, trait);
      }
      addOnce(keys, TRAITS, key);
    });
  }

  /// Only tags, the same for everybody.
  public static AwsSessionMarks tagged(Map<String, String> tags) {
    return new AwsSessionMarks(tags, Map.of(), false);
  }

  /// Whether AWS takes it as a tag's value.
  public static boolean isValue(String value) {
    return value.length() <= MAX_VALUE && TEXT.matcher(value).matches();
  }

  private static boolean isKey(String key) {
    return !key.isEmpty()
        && key.length() <= MAX_KEY
        && !key.toLowerCase(Locale.ROOT).startsWith("aws:")
        && TEXT.matcher(key).matches();
  }

  private static InvalidDatabase wrong(String field, String key, String value) {
    return new InvalidDatabase(
        field,
        ("session tag %s: %s is not one that AWS takes (key 1 to %d and value up to %d"
                + " letters, digits, blanks and any of _.:/=+-@; no key begins with aws:)")
            .formatted(Quoted.of(key), Quoted.of(value), MAX_KEY, MAX_VALUE));
  }

  private static void addOnce(TreeSet<String> keys, String field, String key) {
    // In both directions, since some letters agree in one of them alone.
    if (!keys.add(key.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT))) {
      throw new InvalidDatabase(
          field,
          "session tag %s comes twice; AWS does not tell upper from lower case"
              .formatted(Quoted.of(key)));
    }
  }
}
