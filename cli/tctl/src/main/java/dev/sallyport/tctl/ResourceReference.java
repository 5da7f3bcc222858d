package dev.sallyport.tctl;

import dev.sallyport.model.AuthConnector;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.Kind;
import dev.sallyport.resources.document.Spelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a command is about: `role`, `role/access`, `ca/user/example.com`,
/// `db_server/<host>/<database>`, `connectors`, or `all`.
///
/// @param kinds several for the words that stand for some kinds together
/// @param name of one of these kinds
record ResourceReference(List<Kind> kinds, Optional<String> name) {
  private static final List<String> CONNECTORS =
      List.of("connector", "connectors", "auth_connector", "auth_connectors");

  /// What a back-up needs, in the order in which it can be created again. What agents announce
  /// comes back by itself.
  private static final List<Kind> ALL =
      List.of(
          Kind.CLUSTER_AUTH_PREFERENCE,
          Kind.CERT_AUTHORITY,
          Kind.ROLE,
          Kind.GITHUB,
          Kind.OIDC,
          Kind.SAML,
          Kind.USER,
          Kind.TOKEN,
          Kind.DB,
          Kind.LOCK);

  ResourceReference {
    kinds = List.copyOf(kinds);
  }

  static ResourceReference parse(String text) {
    int slash = text.indexOf('/');
    String word = (slash < 0 ? text : text.substring(0, slash)).toLowerCase(Locale.ROOT);
    if (slash < 0) {
      return new ResourceReference(kinds(word, text), Optional.empty());
    }
    List<Kind> kinds = kinds(word, text);
    String name = text.substring(slash + 1);
    if (name.isEmpty() || word.equals("all")) {
      throw new CommandFailed("\"" + text + "\" has no name after the slash");
    }
    if (kinds.equals(List.of(Kind.CERT_AUTHORITY)) && name.indexOf('/') > 0) {
      // The form kind/sub_kind/name; an authority is kept under its type.
      name = name.substring(0, name.indexOf('/'));
    }
    return new ResourceReference(kinds, Optional.of(name));
  }

  private static List<Kind> kinds(String word, String text) {
    if (word.equals("all")) {
      return ALL;
    }
    if (CONNECTORS.contains(word)) {
      return AuthConnector.KINDS;
    }
    return Kind.parse(word)
        .map(List::of)
        .orElseThrow(() ->
            new CommandFailed(
                "unknown resource kind \"%s\" in \"%s\"%s (expected: kind or kind/name, such as role/access)"
                    .formatted(word, text, Spelling.hint(word, words()))));
  }

  private static List<String> words() {
    List<String> words = new ArrayList<>(List.of("all", "connectors"));
    for (Kind kind : Kind.values()) {
      words.add(kind.wireName());
      words.addAll(kind.aliases());
    }
    return words;
  }

  boolean isAll() {
    return kinds.equals(ALL);
  }

  /// The one resource that is meant.
  One requireOne() {
    if (kinds.size() > 1) {
      throw new CommandFailed(
          "name one kind: %s"
              .formatted(Arrays.toString(kinds.stream().map(Kind::wireName).toArray())));
    }
    Kind kind = kinds.getFirst();
    if (name.isEmpty() && kind == Kind.CLUSTER_AUTH_PREFERENCE) {
      return new One(kind, AuthPreference.NAME);
    }
    return new One(
        kind,
        name.orElseThrow(() ->
            new CommandFailed(
                "Need a name: %s/<name>; 'tctl get %s' lists them"
                    .formatted(kind.wireName(), kind.wireName()))));
  }

  /// One resource.
  record One(Kind kind, String name) {}
}
