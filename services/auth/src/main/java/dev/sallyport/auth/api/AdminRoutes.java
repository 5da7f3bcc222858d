package dev.sallyport.auth.api;

import dev.sallyport.auth.access.AccessQuestions;
import dev.sallyport.auth.access.Rules;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.users.ResourceAdmin;
import dev.sallyport.auth.users.TokenAdmin;
import dev.sallyport.auth.users.UserAdmin;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.ResetUserRequest;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.control.WriteMode;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Secret;
import dev.sallyport.policy.RuleTarget;
import dev.sallyport.policy.Verb;
import dev.sallyport.resources.ResourceJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// What administrators do. Each route first asks whether the rules can give its verbs at all, and
/// then with the resource in hand.
final class AdminRoutes {
  private static final String WITH_SECRETS = "with_secrets";

  private final Rules rules;
  private final ResourceAdmin resources;
  private final UserAdmin users;
  private final TokenAdmin tokens;
  private final AuditTrail audit;
  private final AccessQuestions questions;

  AdminRoutes(
      Rules rules,
      ResourceAdmin resources,
      UserAdmin users,
      TokenAdmin tokens,
      AuditTrail audit,
      AccessQuestions questions) {
    this.rules = rules;
    this.resources = resources;
    this.users = users;
    this.tokens = tokens;
    this.audit = audit;
    this.questions = questions;
  }

  Optional<Object> list(Call call) {
    var kind = call.kind();
    var withSecrets = call.flag(WITH_SECRETS);
    var reading = reading(withSecrets);
    rules.requireSome(call.caller(), kind, Verb.LIST, reading);
    var page = call.query("page");
    var found = resources.list(call.caller(), kind, withSecrets, page);
    if (withSecrets && page.isEmpty()) {
      // Nobody has a later page of it without the first one.
      audit.secretsRead(call.caller(), kind);
    }
    return Optional.of(found);
  }

  Optional<Object> get(Call call) {
    var kind = call.kind();
    var withSecrets = call.flag(WITH_SECRETS);
    rules.requireSome(call.caller(), kind, reading(withSecrets));
    var found = resources.get(call.caller(), kind, call.path("name"), withSecrets);
    if (withSecrets) {
      audit.secretsRead(call.caller(), kind);
    }
    return Optional.of(ResourceJson.toJson(found));
  }

  Optional<Object> create(Call call) {
    var resource = resource(call);
    rules.requireSome(call.caller(), resource.kind(), Verb.CREATE);
    return Optional.of(ResourceJson.toJson(resources.create(call.caller(), resource, mode(call))));
  }

  Optional<Object> update(Call call) {
    var resource = resource(call);
    rules.requireSome(call.caller(), resource.kind(), Verb.UPDATE);
    return Optional.of(ResourceJson.toJson(resources.update(call.caller(), resource, mode(call))));
  }

  Optional<Object> delete(Call call) {
    var kind = call.kind();
    rules.requireSome(call.caller(), kind, Verb.DELETE);
    resources.delete(call.caller(), kind, call.path("name"), mode(call));
    return Optional.empty();
  }

  Optional<Object> createUser(Call call) {
    rules.requireSome(call.caller(), Kind.USER, Verb.CREATE);
    var request = call.body(CreateUserRequest.class);
    rules.require(call.caller(), Verb.CREATE, named(Kind.USER, request.name(), Map.of()));
    return Optional.of(users.create(call.caller(), request));
  }

  Optional<Object> updateUser(Call call) {
    var name = changeable(call);
    var request = call.body(UpdateUserRequest.class);
    return Optional.of(
        ResourceJson.toJson(users.update(call.caller(), name, request, call.flag("confirm"))));
  }

  Optional<Object> resetUser(Call call) {
    var name = changeable(call);
    return Optional.of(users.reset(call.caller(), name, call.body(ResetUserRequest.class)));
  }

  /// The name of a user whom the caller may change.
  private String changeable(Call call) {
    rules.requireSome(call.caller(), Kind.USER, Verb.UPDATE);
    var user = users.find(call.path("name"));
    rules.require(call.caller(), Verb.UPDATE, RuleTarget.of(user));
    return user.name();
  }

  Optional<Object> createToken(Call call) {
    rules.requireSome(call.caller(), Kind.TOKEN, Verb.CREATE);
    var request = call.body(CreateTokenRequest.class);
    var name = request.value().map(Secret::reveal).orElse("");
    var labels = request.labels().orElse(Map.of());
    rules.require(call.caller(), Verb.CREATE, named(Kind.TOKEN, name, labels));
    return Optional.of(ResourceJson.toJson(tokens.create(call.caller(), request)));
  }

  private static RuleTarget named(Kind kind, String name, Map<String, String> labels) {
    return new RuleTarget(
        kind.wireName(), Optional.of(new RuleTarget.Thing(name, labels, Optional.empty())));
  }

  private static WriteMode mode(Call call) {
    return new WriteMode(call.flag("force"), call.flag("confirm"), call.flag("dry_run"));
  }

  /// Tells of users, roles and databases, so whoever asks must be able to read all three.
  Optional<Object> explainAccess(Call call) {
    rules.require(
        call.caller(),
        Verb.READ,
        RuleTarget.ofKind(Kind.USER),
        RuleTarget.ofKind(Kind.ROLE),
        RuleTarget.ofKind(Kind.DB));
    return Optional.of(
        questions.explain(
            call.required("user"),
            call.required("db"),
            call.required("db_user"),
            call.flag("mfa")));
  }

  private static Verb reading(boolean withSecrets) {
    return withSecrets ? Verb.READ : Verb.READ_NO_SECRETS;
  }

  private static Resource resource(Call call) {
    try {
      return ResourceJson.fromJson(new String(call.bytes(), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, String.valueOf(e.getMessage()), e);
    }
  }
}
