package dev.sallyport.resources;

import dev.sallyport.model.CreatedBy;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.User;
import dev.sallyport.model.UserStatus;
import dev.sallyport.resources.document.Fields;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The written form of a user's `spec`.
final class UserForm {
  /// How Go programs write a time that was not set.
  private static final Instant UNSET = Instant.parse("0001-01-01T00:00:00Z");

  private static final List<String> OTHER =
      List.of("github_identities", "oidc_identities", "saml_identities", "trusted_device_ids");

  private UserForm() {}

  static Optional<User> read(Metadata metadata, Fields spec) {
    var before = spec.faults().count();
    var roles = spec.texts("roles");
    var traits = spec.textsMap("traits");
    var createdBy =
        spec.has("created_by") ? createdBy(spec.object("created_by")) : Optional.<CreatedBy>empty();
    var expires = set(spec.instant("expires"));
    var status = status(spec.object("status"));
    if (spec.has("local_auth")) {
      spec.fault(
          "local_auth",
          "passwords and second factors can't be set by a document (use 'tctl users reset')");
    }
    var other = spec.kept(OTHER);
    spec.finish();
    var named = metadata.expires().isPresent() ? metadata : metadata.withExpires(expires);
    return spec.faults()
        .make(before, spec, () -> new User(named, roles, traits, createdBy, status, other));
  }

  private static Optional<CreatedBy> createdBy(Fields fields) {
    var before = fields.faults().count();
    var by = fields.object("user");
    var user = by.text("name").orElse("");
    by.finish();
    var time = fields.instant("time").orElse(UNSET);
    var connector = fields.object("connector");
    var type = connector.text("type").orElse("");
    var id = connector.text("id").orElse("");
    var identity = connector.text("identity").orElse("");
    connector.finish();
    fields.finish();
    var known =
        id.isEmpty()
            ? Optional.<CreatedBy.Connector>empty()
            : Optional.of(new CreatedBy.Connector(type, id, identity));
    if (user.isEmpty() && time.equals(UNSET) && known.isEmpty()) {
      return Optional.empty();
    }
    return fields.faults().make(before, fields, () -> new CreatedBy(user, time, known));
  }

  private static UserStatus status(Fields fields) {
    fields.ignore("recovery_attempt_lock_expires");
    var status =
        new UserStatus(
            fields.flag("is_locked", false),
            set(fields.instant("lock_expires")),
            fields.text("locked_message").filter(text -> !text.isEmpty()),
            set(fields.instant("locked_time")));
    fields.finish();
    return status;
  }

  private static Optional<Instant> set(Optional<Instant> time) {
    return time.filter(instant -> instant.isAfter(UNSET));
  }

  static Map<String, Object> write(User user) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("roles", user.roles());
    spec.put("traits", user.traits());
    user.createdBy().ifPresent(createdBy -> spec.put("created_by", write(createdBy)));
    spec.put("status", write(user.status()));
    spec.putAll(user.other());
    return spec;
  }

  private static Map<String, Object> write(CreatedBy createdBy) {
    var map = new LinkedHashMap<String, Object>();
    createdBy.connector().ifPresent(connector -> map.put("connector", write(connector)));
    map.put("time", createdBy.time().toString());
    map.put("user", Map.of("name", createdBy.user()));
    return map;
  }

  private static Map<String, Object> write(CreatedBy.Connector connector) {
    var map = new LinkedHashMap<String, Object>();
    map.put("type", connector.type());
    map.put("id", connector.id());
    map.put("identity", connector.identity());
    return map;
  }

  private static Map<String, Object> write(UserStatus status) {
    var map = new LinkedHashMap<String, Object>();
    map.put("is_locked", status.locked());
    status.lockExpires().ifPresent(time -> map.put("lock_expires", time.toString()));
    status.lockedMessage().ifPresent(text -> map.put("locked_message", text));
    status.lockedTime().ifPresent(time -> map.put("locked_time", time.toString()));
    return map;
  }
}
