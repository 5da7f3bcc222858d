package dev.sallyport.tctl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The traits that `tctl users add` can give. Those of other protocols are kept for templates and
/// have no effect of their own.
final class TraitOptions {
  @Option(names = "--logins", split = ",", description = "the trait logins")
  @Nullable List<String> logins;

  @Option(names = "--windows-logins", split = ",", description = "the trait windows_logins")
  @Nullable List<String> windowsLogins;

  @Option(names = "--kubernetes-users", split = ",", description = "the trait kubernetes_users")
  @Nullable List<String> kubernetesUsers;

  @Option(names = "--kubernetes-groups", split = ",", description = "the trait kubernetes_groups")
  @Nullable List<String> kubernetesGroups;

  @Option(names = "--db-users", split = ",", description = "the trait db_users: IAM roles")
  @Nullable List<String> dbUsers;

  @Option(names = "--db-names", split = ",", description = "the trait db_names")
  @Nullable List<String> dbNames;

  @Option(names = "--db-roles", split = ",", description = "the trait db_roles")
  @Nullable List<String> dbRoles;

  @Option(names = "--aws-role-arns", split = ",", description = "the trait aws_role_arns")
  @Nullable List<String> awsRoleArns;

  @Option(names = "--azure-identities", split = ",", description = "the trait azure_identities")
  @Nullable List<String> azureIdentities;

  @Option(
      names = "--gcp-service-accounts",
      split = ",",
      description = "the trait gcp_service_accounts")
  @Nullable List<String> gcpServiceAccounts;

  @Option(names = "--host-user-uid", description = "the trait host_user_uid")
  @Nullable String hostUserUid;

  @Option(names = "--host-user-gid", description = "the trait host_user_gid")
  @Nullable String hostUserGid;

  /// Those that were given a value.
  Map<String, List<String>> traits() {
    Map<String, List<String>> traits = new LinkedHashMap<>();
    put(traits, "logins", logins);
    put(traits, "windows_logins", windowsLogins);
    put(traits, "kubernetes_users", kubernetesUsers);
    put(traits, "kubernetes_groups", kubernetesGroups);
    put(traits, "db_users", dbUsers);
    put(traits, "db_names", dbNames);
    put(traits, "db_roles", dbRoles);
    put(traits, "aws_role_arns", awsRoleArns);
    put(traits, "azure_identities", azureIdentities);
    put(traits, "gcp_service_accounts", gcpServiceAccounts);
    put(traits, "host_user_uid", one(hostUserUid));
    put(traits, "host_user_gid", one(hostUserGid));
    traits.values().removeIf(List::isEmpty);
    return traits;
  }

  static void put(Map<String, List<String>> traits, String trait, @Nullable List<String> values) {
    if (values != null) {
      traits.put(trait, values.stream().filter(value -> !value.isEmpty()).toList());
    }
  }

  static @Nullable List<String> one(@Nullable String value) {
    return value == null ? null : List.of(value);
  }

  /// A user with it would be in every database role there is, by accident.
  static void refuseWildcard(Map<String, List<String>> traits) {
    if (traits.getOrDefault("db_roles", List.of()).contains("*")) {
      throw new CommandFailed("database role can't be a wildcard");
    }
  }
}
