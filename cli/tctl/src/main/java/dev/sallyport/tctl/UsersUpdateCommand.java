package dev.sallyport.tctl;

import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.control.WriteMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl users update alice --set-roles a,b`: replaces whole lists, each of them or none.
@Command(name = "update", description = "Replaces a user's roles or traits.")
final class UsersUpdateCommand implements Callable<Integer> {
  private static final Map<String, String> SHOWN =
      Map.of(
          "aws_role_arns", "AWS role ARNs",
          "azure_identities", "Azure identities",
          "gcp_service_accounts", "GCP service accounts",
          "host_user_uid", "Host user UID",
          "host_user_gid", "Host user GID");

  private final Tool tool;
  private final Map<String, List<String>> traits = new LinkedHashMap<>();

  @Parameters(paramLabel = "NAME")
  String name = "";

  @Option(names = "--set-roles", split = ",")
  @Nullable List<String> roles;

  @Option(names = "--confirm", description = "also so that no administrator is left")
  boolean confirm;

  UsersUpdateCommand(Tool tool) {
    this.tool = tool;
  }

  @Option(names = "--set-logins", split = ",")
  void logins(List<String> values) {
    TraitOptions.put(traits, "logins", values);
  }

  @Option(names = "--set-windows-logins", split = ",")
  void windowsLogins(List<String> values) {
    TraitOptions.put(traits, "windows_logins", values);
  }

  @Option(names = "--set-kubernetes-users", split = ",")
  void kubernetesUsers(List<String> values) {
    TraitOptions.put(traits, "kubernetes_users", values);
  }

  @Option(names = "--set-kubernetes-groups", split = ",")
  void kubernetesGroups(List<String> values) {
    TraitOptions.put(traits, "kubernetes_groups", values);
  }

  @Option(names = "--set-db-users", split = ",")
  void dbUsers(List<String> values) {
    TraitOptions.put(traits, "db_users", values);
  }

  @Option(names = "--set-db-names", split = ",")
  void dbNames(List<String> values) {
    TraitOptions.put(traits, "db_names", values);
  }

  @Option(names = "--set-db-roles", split = ",")
  void dbRoles(List<String> values) {
    TraitOptions.put(traits, "db_roles", values);
  }

  @Option(names = "--set-aws-role-arns", split = ",")
  void awsRoleArns(List<String> values) {
    TraitOptions.put(traits, "aws_role_arns", values);
  }

  @Option(names = "--set-azure-identities", split = ",")
  void azureIdentities(List<String> values) {
    TraitOptions.put(traits, "azure_identities", values);
  }

  @Option(names = "--set-gcp-service-accounts", split = ",")
  void gcpServiceAccounts(List<String> values) {
    TraitOptions.put(traits, "gcp_service_accounts", values);
  }

  @Option(names = "--set-host-user-uid")
  void hostUserUid(String value) {
    TraitOptions.put(traits, "host_user_uid", List.of(value));
  }

  @Option(names = "--set-host-user-gid")
  void hostUserGid(String value) {
    TraitOptions.put(traits, "host_user_gid", List.of(value));
  }

  @Override
  public Integer call() {
    // `--set-roles ""` empties a list.
    List<String> newRoles =
        roles == null ? null : roles.stream().filter(role -> !role.isEmpty()).toList();
    if (newRoles == null && traits.isEmpty()) {
      throw new CommandFailed("Nothing to update. Please provide at least one --set flag.");
    }
    TraitOptions.refuseWildcard(traits);
    var request =
        new UpdateUserRequest(
            Optional.ofNullable(newRoles),
            traits.isEmpty() ? Optional.empty() : Optional.of(traits));
    tool.withApi(api -> api.updateUser(name, request, new WriteMode(false, confirm, false)));
    tool.out().println("User " + name + " has been updated:");
    if (newRoles != null) {
      tool.out().println("\tNew roles: " + String.join(",", newRoles));
    }
    traits.forEach((trait, values) ->
        tool.out()
            .println(
                "\tNew %s: %s"
                    .formatted(
                        SHOWN.getOrDefault(trait, trait.replace('_', ' ')),
                        String.join(",", values))));
    return 0;
  }
}
