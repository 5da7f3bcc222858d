package dev.sallyport.resources;

import dev.sallyport.model.Metadata;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.SystemRole;
import dev.sallyport.resources.document.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The written form of a join token's `spec`.
final class TokenForm {
  private static final List<String> OTHER =
      List.of("suggested_labels", "suggested_agent_matcher_labels");

  private TokenForm() {}

  static Optional<ProvisionToken> read(Metadata metadata, Fields spec) {
    var before = spec.faults().count();
    var roles = roles(spec);
    var method = method(spec);
    var databases =
        spec.has("databases") ? spec.texts("databases") : List.of(ProvisionToken.ANY_DATABASE);
    if (spec.has("bot_name")) {
      spec.fault("bot_name", "can only set bot_name on token with role \"Bot\"");
    }
    var other = spec.kept(OTHER);
    spec.finish();
    return spec.faults()
        .make(before, spec, () -> new ProvisionToken(metadata, roles, method, databases, other));
  }

  private static List<SystemRole> roles(Fields spec) {
    var roles = new ArrayList<SystemRole>();
    for (var text : spec.texts("roles")) {
      SystemRole.parse(text)
          .filter(role -> role != SystemRole.ADMIN)
          .ifPresentOrElse(
              roles::add,
              () ->
                  spec.fault(
                      "roles",
                      "unknown role: %s (a token can give Auth, Proxy or Db)"
                          .formatted(Quoted.of(text))));
    }
    if (spec.texts("roles").isEmpty()) {
      spec.fault("roles", "provisioning token is missing roles");
    }
    return roles;
  }

  private static String method(Fields spec) {
    var allow = !spec.items("allow").isEmpty();
    var method =
        spec.text("join_method")
            .filter(text -> !text.isEmpty())
            .orElse(allow ? "ec2" : ProvisionToken.METHOD_TOKEN);
    spec.ignore("aws_iid_ttl");
    if (!method.equals(ProvisionToken.METHOD_TOKEN)) {
      spec.fault(
          "join_method",
          "join method %s is not supported by this version, supported are: [token]"
              .formatted(Quoted.of(method)));
    } else if (allow) {
      spec.fault("allow", "allow rules are not compatible with the \"token\" join method");
    }
    return method;
  }

  static Map<String, Object> write(ProvisionToken token) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("roles", token.roles().stream().map(SystemRole::wireName).toList());
    spec.put("join_method", token.joinMethod());
    if (!token.databases().equals(List.of(ProvisionToken.ANY_DATABASE))) {
      spec.put("databases", token.databases());
    }
    spec.putAll(token.other());
    return spec;
  }
}
