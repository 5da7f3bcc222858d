package dev.sallyport.tctl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The traits that commands give to users, one option each: `--db-users` or `--set-db-users`. Those
/// of other protocols are kept for templates and have no effect of their own.
final class TraitOptions {
  /// @param name in the user
  /// @param shown in messages
  /// @param several whether there may be more than one value
  private record Trait(String name, String shown, boolean several) {
    static Trait list(String name) {
      return list(name, name.replace('_', ' '));
    }

    static Trait list(String name, String shown) {
      return new Trait(name, shown, true);
    }

    static Trait one(String name, String shown) {
      return new Trait(name, shown, false);
    }

    String option(String prefix) {
      return prefix + name.replace('_', '-');
    }
  }

  private static final List<Trait> ALL =
      List.of(
          Trait.list("logins"),
          Trait.list("windows_logins"),
          Trait.list("kubernetes_users"),
          Trait.list("kubernetes_groups"),
          Trait.list("db_users"),
          Trait.list("db_names"),
          Trait.list("db_roles"),
          Trait.list("aws_role_arns", "AWS role ARNs"),
          Trait.list("azure_identities", "Azure identities"),
          Trait.list("gcp_service_accounts", "GCP service accounts"),
          Trait.one("host_user_uid", "Host user UID"),
          Trait.one("host_user_gid", "Host user GID"));

  private final Map<Trait, OptionSpec> options = new LinkedHashMap<>();

  private TraitOptions() {}

  /// Adds them to a command.
  ///
  /// @param prefix of each option: `--` or `--set-`
  static TraitOptions addTo(CommandSpec command, String prefix) {
    var added = new TraitOptions();
    for (Trait trait : ALL) {
      var option =
          OptionSpec.builder(trait.option(prefix)).description("the trait " + trait.name());
      if (trait.several()) {
        option.type(List.class).auxiliaryTypes(String.class).splitRegex(",");
      } else {
        option.type(String.class);
      }
      var spec = option.build();
      command.addOption(spec);
      added.options.put(trait, spec);
    }
    return added;
  }

  /// Those that were named, in their order; one named with an empty text has no values.
  Map<String, List<String>> named() {
    Map<String, List<String>> named = new LinkedHashMap<>();
    options.forEach((trait, option) -> {
      List<String> values = values(option.getValue());
      if (values != null) {
        named.put(trait.name(), values.stream().filter(value -> !value.isEmpty()).toList());
      }
    });
    if (named.getOrDefault("db_roles", List.of()).contains("*")) {
      // A user with it would be in every database role there is, by accident.
      throw new CommandFailed("database role can't be a wildcard");
    }
    return named;
  }

  private static @Nullable List<String> values(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case List<?> several -> several.stream().map(String::valueOf).toList();
      default -> List.of(value.toString());
    };
  }

  /// What a trait is called in messages.
  static String shown(String name) {
    return ALL.stream()
        .filter(trait -> trait.name().equals(name))
        .map(Trait::shown)
        .findFirst()
        .orElse(name);
  }
}
