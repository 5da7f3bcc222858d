package dev.sallyport.auth.api;

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
import dev.sallyport.control.ResourceList;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Resource;
import dev.sallyport.policy.Verb;
import dev.sallyport.resources.ResourceJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What administrators do. Each route first asks the rules for its verbs.
final class AdminRoutes {
  private static final String WITH_SECRETS = "with_secrets";

  private final Rules rules;
  private final ResourceAdmin resources;
  private final UserAdmin users;
  private final TokenAdmin tokens;
  private final AuditTrail audit;

  AdminRoutes(
      Rules rules, ResourceAdmin resources, UserAdmin users, TokenAdmin tokens, AuditTrail audit) {
    this.rules = rules;
    this.resources = resources;
    this.users = users;
    this.tokens = tokens;
    this.audit = audit;
  }

  Optional<Object> list(Call call) {
    var kind = call.kind();
    var withSecrets = call.flag(WITH_SECRETS);
    rules.require(call.caller(), kind, Verb.LIST, reading(withSecrets));
    if (withSecrets) {
      audit.secretsRead(call.caller(), kind);
    }
    var found = resources.list(kind, withSecrets);
    return Optional.of(
        new ResourceList(
            found.stream().<JsonNode>map(resource -> ResourceJson.toJson(resource)).toList()));
  }

  Optional<Object> get(Call call) {
    var kind = call.kind();
    var withSecrets = call.flag(WITH_SECRETS);
    rules.require(call.caller(), kind, reading(withSecrets));
    if (withSecrets) {
      audit.secretsRead(call.caller(), kind);
    }
    return Optional.of(ResourceJson.toJson(resources.get(kind, call.path("name"), withSecrets)));
  }

  Optional<Object> create(Call call) {
    var resource = resource(call);
    var force = call.flag("force");
    rules.require(call.caller(), resource.kind(), Verb.CREATE);
    if (force) {
      rules.require(call.caller(), resource.kind(), Verb.UPDATE);
    }
    return Optional.of(ResourceJson.toJson(resources.create(call.caller(), resource, force)));
  }

  Optional<Object> update(Call call) {
    var resource = resource(call);
    rules.require(call.caller(), resource.kind(), Verb.UPDATE);
    return Optional.of(ResourceJson.toJson(resources.update(call.caller(), resource)));
  }

  Optional<Object> delete(Call call) {
    var kind = call.kind();
    rules.require(call.caller(), kind, Verb.DELETE);
    resources.delete(call.caller(), kind, call.path("name"));
    return Optional.empty();
  }

  Optional<Object> createUser(Call call) {
    rules.require(call.caller(), Kind.USER, Verb.CREATE);
    return Optional.of(users.create(call.caller(), call.body(CreateUserRequest.class)));
  }

  Optional<Object> updateUser(Call call) {
    rules.require(call.caller(), Kind.USER, Verb.UPDATE);
    var request = call.body(UpdateUserRequest.class);
    return Optional.of(
        ResourceJson.toJson(users.update(call.caller(), call.path("name"), request)));
  }

  Optional<Object> resetUser(Call call) {
    rules.require(call.caller(), Kind.USER, Verb.UPDATE);
    return Optional.of(
        users.reset(call.caller(), call.path("name"), call.body(ResetUserRequest.class)));
  }

  Optional<Object> createToken(Call call) {
    rules.require(call.caller(), Kind.TOKEN, Verb.CREATE);
    var request = call.body(CreateTokenRequest.class);
    return Optional.of(ResourceJson.toJson(tokens.create(call.caller(), request)));
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
