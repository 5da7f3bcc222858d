package dev.sallyport.resources;

import dev.sallyport.model.Metadata;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.SystemRole;
import dev.sallyport.resources.document.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The written form of a join token's `spec`. Methods and roles that do not work here are still
/// read by their rules, so that a token's first fault is told and not only its last.
final class TokenForm {
  private static final List<String> OTHER =
      List.of("suggested_labels", "suggested_agent_matcher_labels");
  private static final String EC2 = "ec2";
  private static final String IAM = "iam";
  private static final String BOT = "bot";

  /// System roles of Teleport that nothing here can have.
  private static final Set<String> ROLES_ELSEWHERE =
      Set.of(
          "node",
          "app",
          "kube",
          "windowsdesktop",
          "windows_desktop",
          "discovery",
          BOT,
          "mdm",
          "trusted_cluster",
          "trustedcluster",
          "okta");

  private TokenForm() {}

  static Optional<ProvisionToken> read(Metadata metadata, Fields spec) {
    var before = spec.faults().count();
    var roles = roles(spec);
    var method = method(spec);
    var databases =
        spec.has("databases") ? spec.texts("databases") : List.of(ProvisionToken.ANY_DATABASE);
    var other = spec.kept(OTHER);
    spec.finish();
    return spec.faults()
        .make(before, spec, () -> new ProvisionToken(metadata, roles, method, databases, other));
  }

  private static List<SystemRole> roles(Fields spec) {
    var roles = new ArrayList<SystemRole>();
    var names = spec.texts("roles");
    if (names.isEmpty()) {
      spec.fault("roles", "provisioning token is missing roles");
    }
    var bot = names.stream().anyMatch(name -> name.equalsIgnoreCase(BOT));
    var botName = spec.text("bot_name").orElse("");
    if (bot && botName.isEmpty()) {
      spec.fault("roles", "token with role \"Bot\" must set bot_name");
    }
    if (!bot && !botName.isEmpty()) {
      spec.fault("bot_name", "can only set bot_name on token with role \"Bot\"");
    }
    for (var name : names) {
      var role = SystemRole.parse(name).filter(known -> known != SystemRole.ADMIN);
      if (role.isPresent()) {
        roles.add(role.get());
      } else if (ROLES_ELSEWHERE.contains(name.toLowerCase(Locale.ROOT))) {
        spec.fault(
            "roles",
            "role %s is not supported by this version (a token can give Proxy or Db)"
                .formatted(Quoted.of(name)));
      } else {
        spec.fault(
            "roles", "unknown role: %s (a token can give Proxy or Db)".formatted(Quoted.of(name)));
      }
    }
    return roles;
  }

  private static String method(Fields spec) {
    var allow = spec.objects("allow");
    var method =
        spec.text("join_method")
            .filter(text -> !text.isEmpty())
            .orElse(allow.isEmpty() ? ProvisionToken.METHOD_TOKEN : EC2);
    var isAws = method.equals(EC2) || method.equals(IAM);
    if (spec.has("aws_iid_ttl")) {
      var ttl = spec.duration("aws_iid_ttl");
      if (!method.equals(EC2) && ttl.isPresent()) {
        spec.fault("aws_iid_ttl", "is for the \"ec2\" join method alone");
      }
    }
    if (method.equals(ProvisionToken.METHOD_TOKEN)) {
      if (!allow.isEmpty()) {
        spec.fault("allow", "allow rules are not compatible with the \"token\" join method");
      }
    } else {
      if (isAws && allow.isEmpty()) {
        spec.fault(
            "allow",
            "the %s join method requires defined token allow rules".formatted(Quoted.of(method)));
      }
      if (isAws) {
        allow.forEach(rule -> rule(rule, method));
      }
      spec.fault(
          "join_method",
          "join method %s is not supported by this version, supported are: [token]"
              .formatted(Quoted.of(method)));
    }
    return method;
  }

  private static void rule(Fields rule, String method) {
    var arn = rule.text("aws_arn").orElse("");
    var role = rule.text("aws_role").orElse("");
    var regions = rule.texts("aws_regions");
    var account = rule.text("aws_account").orElse("");
    if (method.equals(EC2)) {
      refuseField(rule, "aws_arn", !arn.isEmpty(), method);
      if (account.isEmpty() && role.isEmpty()) {
        rule.fault("aws_account", "must set \"aws_account\" or \"aws_role\"");
      }
    } else {
      refuseField(rule, "aws_role", !role.isEmpty(), method);
      refuseField(rule, "aws_regions", !regions.isEmpty(), method);
      if (account.isEmpty() && arn.isEmpty()) {
        rule.fault("aws_account", "must set \"aws_account\" or \"aws_arn\"");
      }
    }
    if (!account.isEmpty() && !account.matches("[0-9]{12}")) {
      rule.fault("aws_account", "%s (expected: 12 digits)".formatted(Quoted.of(account)));
    }
    rule.finish();
  }

  private static void refuseField(Fields rule, String field, boolean set, String method) {
    if (set) {
      rule.fault(
          field,
          "\"%s\" is not supported by the %s join method".formatted(field, Quoted.of(method)));
    }
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
