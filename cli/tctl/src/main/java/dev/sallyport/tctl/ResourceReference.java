package dev.sallyport.tctl;

import dev.sallyport.model.Kind;
import java.util.Optional;

/// `role`, `role/access`, `db_server/<host>/<database>`: a kind, and maybe one of that kind.
record ResourceReference(Kind kind, Optional<String> name) {
  static ResourceReference parse(String text) {
    int slash = text.indexOf('/');
    String kindText = slash < 0 ? text : text.substring(0, slash);
    Kind kind =
        Kind.parse(kindText)
            .orElseThrow(() ->
                new CommandFailed(
                    "unknown resource kind \"%s\" in \"%s\" (expected: kind or kind/name, such as role/access)"
                        .formatted(kindText, text)));
    if (slash < 0) {
      return new ResourceReference(kind, Optional.empty());
    }
    String name = text.substring(slash + 1);
    if (name.isEmpty()) {
      throw new CommandFailed("\"" + text + "\" has no name after the slash");
    }
    return new ResourceReference(kind, Optional.of(name));
  }

  String requireName() {
    return name.orElseThrow(() ->
        new CommandFailed(
            "Need a name: %s/<name>; 'tctl get %s' lists them"
                .formatted(kind.wireName(), kind.wireName())));
  }
}
