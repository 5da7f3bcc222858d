package dev.sallyport.tctl;

import dev.sallyport.console.TextTable;
import dev.sallyport.model.AuthConnector;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Kind;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Lock;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Role;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.User;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What `tctl get --format=text` shows of each kind.
final class ResourceTables {
  private ResourceTables() {}

  /// @param wanted says the kind when nothing was found
  static void print(List<Resource> found, ResourceReference wanted, Tool tool) {
    Kind kind = found.isEmpty() ? wanted.kinds().getFirst() : found.getFirst().kind();
    TextTable table = new TextTable(heading(kind));
    found.forEach(resource -> table.row(row(resource, tool)));
    tool.out().print(table.text());
  }

  private static String[] heading(Kind kind) {
    return switch (kind) {
      case ROLE -> new String[] {"Role", "DB Labels", "DB Users"};
      case USER -> new String[] {"User", "Roles"};
      case TOKEN -> new String[] {"Token", "Type", "Labels", "Expiry Time (UTC)"};
      case DB -> new String[] {"Name", "Protocol", "URI", "Labels"};
      case DB_SERVER -> new String[] {"Host", "Name", "Protocol", "URI", "Labels", "Version"};
      case CERT_AUTHORITY -> new String[] {"Cluster Name", "CA Type", "Certificates"};
      case CLUSTER_AUTH_PREFERENCE -> new String[] {"Type", "Second Factors", "Locking Mode"};
      case GITHUB, OIDC, SAML -> new String[] {"Name", "Roles"};
      case LOCK -> new String[] {"ID", "Target", "Message", "Expires"};
    };
  }

  private static String[] row(Resource resource, Tool tool) {
    return switch (resource) {
      case Role role ->
          new String[] {
            role.name(), labels(role.allow().dbLabels()), String.join(",", role.allow().dbUsers())
          };
      case User user -> new String[] {user.name(), String.join(",", user.roles())};
      case ProvisionToken token ->
          TokensListCommand.row(token, tool.invocation().clock().instant());
      case Database database ->
          new String[] {
            database.name(),
            database.protocol(),
            database.uri().orElse(""),
            labels(database.metadata().labels())
          };
      case DatabaseServer server -> DbListCommand.row(server);
      case CertAuthority authority ->
          new String[] {
            authority.clusterName(),
            authority.type(),
            String.valueOf(authority.active().size() + authority.additional().size())
          };
      case AuthPreference preference ->
          new String[] {
            preference.signIn().type(),
            preference.secondFactors().allowed().stream()
                .map(factor -> factor.wireName())
                .collect(Collectors.joining(",")),
            preference.sessions().lockingMode().wireName()
          };
      case AuthConnector connector ->
          new String[] {
            connector.metadata().name(),
            connector.mappings().stream()
                .flatMap(mapping -> mapping.roles().stream())
                .distinct()
                .collect(Collectors.joining(","))
          };
      case Lock lock ->
          new String[] {
            lock.resourceName(),
            lock.target().parts().entrySet().stream()
                .map(part -> part.getKey().wireName() + "=" + part.getValue())
                .collect(Collectors.joining(",")),
            lock.message().orElse(""),
            lock.metadata().expires().map(Object::toString).orElse("never")
          };
    };
  }

  /// The wire names of a token's system roles.
  static String types(ProvisionToken token) {
    return token.roles().stream().map(SystemRole::wireName).collect(Collectors.joining(","));
  }

  /// `env=dev,team=blue`, in order of the keys.
  static String labels(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(label -> label.getKey() + "=" + label.getValue())
        .sorted()
        .collect(Collectors.joining(","));
  }

  private static String labels(LabelSelector selector) {
    return selector.values().entrySet().stream()
        .map(label -> label.getKey() + ":" + String.join("|", label.getValue()))
        .sorted()
        .collect(Collectors.joining(","));
  }
}
