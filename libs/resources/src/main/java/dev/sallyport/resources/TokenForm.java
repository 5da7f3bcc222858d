package dev.sallyport.resources;

import dev.sallyport.model.AwsCallerRule;
import dev.sallyport.model.AwsInstanceRule;
import dev.sallyport.model.AwsPrincipalPattern;
import dev.sallyport.model.Durations;
import dev.sallyport.model.JoinMethod;
import dev.sallyport.model.JoinTerms;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.SystemRole;
import dev.sallyport.resources.document.Fields;
import java.time.Duration;
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
    var terms = terms(spec);
    var databases =
        spec.has("databases") ? spec.texts("databases") : List.of(ProvisionToken.ANY_DATABASE);
    var other = spec.kept(OTHER);
    spec.finish();
    return spec.faults()
        .make(
            before,
            spec,
            () -> new ProvisionToken(metadata, roles, terms.orElseThrow(), databases, other));
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

  /// Nothing when a fault was told.
  private static Optional<JoinTerms> terms(Fields spec) {
    var allow = spec.objects("allow");
    var name =
        spec.text("join_method")
            .filter(text -> !text.isEmpty())
            .orElse(allow.isEmpty() ? JoinMethod.TOKEN.wireName() : JoinMethod.EC2.wireName());
    var ttl = spec.duration("aws_iid_ttl");
    if (!name.equals(JoinMethod.EC2.wireName()) && ttl.isPresent()) {
      spec.fault("aws_iid_ttl", "is for the \"ec2\" join method alone");
    }
    var method = JoinMethod.parse(name);
    if (method.isEmpty()) {
      spec.fault(
          "join_method",
          "join method %s is not supported by this version, supported are: %s"
              .formatted(Quoted.of(name), JoinMethod.names()));
      return Optional.empty();
    }
    if (method.get() == JoinMethod.TOKEN) {
      if (!allow.isEmpty()) {
        spec.fault("allow", "allow rules are not compatible with the \"token\" join method");
      }
      return Optional.of(JoinTerms.SECRET);
    }
    if (allow.isEmpty()) {
      spec.fault(
          "allow",
          "the %s join method requires defined token allow rules".formatted(Quoted.of(name)));
      return Optional.empty();
    }
    return aws(spec, method.get(), allow, ttl);
  }

  private static Optional<JoinTerms> aws(
      Fields spec, JoinMethod method, List<Fields> allow, Optional<Duration> ttl) {
    var before = spec.faults().count();
    if (method == JoinMethod.IAM) {
      var rules = allow.stream().flatMap(rule -> caller(rule).stream()).toList();
      return spec.faults().make(before, spec, () -> new JoinTerms.AwsCallers(rules));
    }
    var rules = allow.stream().flatMap(rule -> instance(rule).stream()).toList();
    var age = ttl.orElse(JoinTerms.AwsInstances.AGE_USUAL);
    return spec.faults().make(before, spec, () -> new JoinTerms.AwsInstances(rules, age));
  }

  private static Optional<AwsCallerRule> caller(Fields rule) {
    var before = rule.faults().count();
    refuseField(rule, "aws_role", rule.text("aws_role").isPresent(), JoinMethod.IAM);
    refuseField(rule, "aws_regions", !rule.texts("aws_regions").isEmpty(), JoinMethod.IAM);
    var account = rule.text("aws_account").filter(text -> !text.isEmpty());
    var arn = rule.text("aws_arn").filter(text -> !text.isEmpty());
    rule.finish();
    return rule.faults()
        .make(before, rule, () -> new AwsCallerRule(account, arn.map(AwsPrincipalPattern::parse)));
  }

  private static Optional<AwsInstanceRule> instance(Fields rule) {
    var before = rule.faults().count();
    var role = rule.text("aws_role").filter(text -> !text.isEmpty());
    refuseField(rule, "aws_arn", rule.text("aws_arn").isPresent(), JoinMethod.EC2);
    var account = rule.text("aws_account").filter(text -> !text.isEmpty());
    if (account.isEmpty() && role.isEmpty()) {
      rule.fault("aws_account", "must set \"aws_account\" or \"aws_role\"");
    }
    if (role.isPresent()) {
      rule.fault(
          "aws_role",
          "is not supported by this version: the Auth Service asks nothing of EC2; set"
              + " \"aws_account\"");
    }
    var regions = rule.texts("aws_regions");
    rule.finish();
    return rule.faults()
        .make(before, rule, () -> new AwsInstanceRule(account.orElseThrow(), regions));
  }

  private static void refuseField(Fields rule, String field, boolean set, JoinMethod method) {
    if (set) {
      rule.fault(
          field,
          "\"%s\" is not supported by the %s join method"
              .formatted(field, Quoted.of(method.wireName())));
    }
  }

  static Map<String, Object> write(ProvisionToken token) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("roles", token.roles().stream().map(SystemRole::wireName).toList());
    spec.put("join_method", token.joinMethod().wireName());
    switch (token.terms()) {
      case JoinTerms.SharedSecret() -> {}
      case JoinTerms.AwsCallers(var allow) ->
          spec.put("allow", allow.stream().map(TokenForm::write).toList());
      case JoinTerms.AwsInstances(var allow, var ageMax) -> {
        spec.put("allow", allow.stream().map(TokenForm::write).toList());
        spec.put("aws_iid_ttl", Durations.format(ageMax));
      }
    }
    if (!token.databases().equals(List.of(ProvisionToken.ANY_DATABASE))) {
      spec.put("databases", token.databases());
    }
    spec.putAll(token.other());
    return spec;
  }

  private static Map<String, Object> write(AwsCallerRule rule) {
    var written = new LinkedHashMap<String, Object>();
    rule.account().ifPresent(account -> written.put("aws_account", account));
    rule.arn().ifPresent(arn -> written.put("aws_arn", arn.text()));
    return written;
  }

  private static Map<String, Object> write(AwsInstanceRule rule) {
    var written = new LinkedHashMap<String, Object>();
    written.put("aws_account", rule.account());
    if (!rule.regions().isEmpty()) {
      written.put("aws_regions", rule.regions());
    }
    return written;
  }
}
