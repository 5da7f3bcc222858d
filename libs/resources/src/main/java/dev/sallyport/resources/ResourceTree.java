package dev.sallyport.resources;

import dev.sallyport.model.AuthConnector;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Lock;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Role;
import dev.sallyport.model.User;
import java.util.LinkedHashMap;
import java.util.Map;

/// A resource as maps, lists and plain values, in the order in which it is written.
final class ResourceTree {
  private ResourceTree() {}

  static Map<String, Object> of(Resource resource) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("kind", resource.kind().wireName());
    if (resource instanceof CertAuthority authority) {
      tree.put("sub_kind", authority.type());
    }
    tree.put("version", version(resource));
    tree.put("metadata", MetadataForm.write(resource.metadata()));
    tree.put("spec", spec(resource));
    if (resource instanceof DatabaseServer server && server.health().isPresent()) {
      tree.put(
          "status", Map.of("target_health", TargetHealthForm.write(server.health().orElseThrow())));
    }
    return tree;
  }

  private static String version(Resource resource) {
    return switch (resource) {
      case Role role -> role.version();
      case User _, ProvisionToken _, CertAuthority _, AuthPreference _, Lock _ -> "v2";
      case Database _, DatabaseServer _ -> "v3";
      case AuthConnector connector -> connector.kind() == Kind.SAML ? "v2" : "v3";
    };
  }

  private static Map<String, Object> spec(Resource resource) {
    return switch (resource) {
      case Role role -> RoleForm.write(role);
      case User user -> UserForm.write(user);
      case ProvisionToken token -> TokenForm.write(token);
      case Database database -> DatabaseForm.write(database);
      case DatabaseServer server -> DatabaseForm.writeServer(server);
      case CertAuthority authority -> CertAuthorityForm.write(authority);
      case Lock lock -> LockForm.write(lock);
      case AuthConnector connector -> ConnectorForm.write(connector);
      case AuthPreference preference -> AuthPreferenceForm.write(preference);
    };
  }
}
