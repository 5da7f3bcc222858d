package dev.sallyport.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which record an event's name stands for.
final class EventTypes {

  /// A record, and what was done where the name tells it.
  record EventType(Class<? extends AuditEvent> record, Optional<ClusterEvent.Change> change) {}

  private static final Map<String, EventType> BY_NAME = new LinkedHashMap<>();

  static {
    add("db.session.start", DatabaseEvent.DbSessionStart.class);
    add("db.session.end", DatabaseEvent.DbSessionEnd.class);
    add("db.session.dynamodb.request", DatabaseEvent.DynamoDbRequest.class);
    add("client.disconnect", DatabaseEvent.ClientDisconnect.class);
    add("audit.journal", DatabaseEvent.JournalNotice.class);
    add("session.rejected", DatabaseEvent.SessionRejected.class);
    add("user.login", UserEvent.UserLogin.class);
    add("user.create", UserEvent.UserCreate.class);
    add("user.update", UserEvent.UserUpdate.class);
    add("user.delete", UserEvent.UserDelete.class);
    add("user.password_change", UserEvent.PasswordChange.class);
    add("mfa.add", UserEvent.MfaAdd.class);
    add("mfa.delete", UserEvent.MfaDelete.class);
    add("mfa_auth_challenge.create", UserEvent.MfaChallengeCreate.class);
    add("mfa_auth_challenge.validate", UserEvent.MfaChallengeValidate.class);
    add("reset_password_token.create", UserEvent.ResetPasswordTokenCreate.class);
    add("auth", UserEvent.AuthAttempt.class);
    add("join_token.create", ClusterEvent.JoinTokenCreate.class);
    add("join_token.delete", ClusterEvent.JoinTokenDelete.class);
    add("instance.join", ClusterEvent.InstanceJoin.class);
    add("cert.create", ClusterEvent.CertificateCreate.class);
    add("cert_authority.rotate", ClusterEvent.AuthorityRotation.class);
    add("audit.store", ClusterEvent.AuditStoreNotice.class);
    add("secrets.read", ClusterEvent.SecretsRead.class);
    add("role.created", ClusterEvent.RoleChange.class, ClusterEvent.Change.CREATED);
    add("role.updated", ClusterEvent.RoleChange.class, ClusterEvent.Change.UPDATED);
    add("role.deleted", ClusterEvent.RoleChange.class, ClusterEvent.Change.DELETED);
    add("db.create", ClusterEvent.DatabaseChange.class, ClusterEvent.Change.CREATED);
    add("db.update", ClusterEvent.DatabaseChange.class, ClusterEvent.Change.UPDATED);
    add("db.delete", ClusterEvent.DatabaseChange.class, ClusterEvent.Change.DELETED);
    add("github.created", ClusterEvent.ConnectorChange.class, ClusterEvent.Change.CREATED);
    add("github.updated", ClusterEvent.ConnectorChange.class, ClusterEvent.Change.UPDATED);
    add("github.deleted", ClusterEvent.ConnectorChange.class, ClusterEvent.Change.DELETED);
    add("oidc.created", ClusterEvent.ConnectorChange.class, ClusterEvent.Change.CREATED);
    add("oidc.updated", ClusterEvent.ConnectorChange.class, ClusterEvent.Change.UPDATED);
    add("oidc.deleted", ClusterEvent.ConnectorChange.class, ClusterEvent.Change.DELETED);
    add("saml.created", ClusterEvent.ConnectorChange.class, ClusterEvent.Change.CREATED);
    add("saml.updated", ClusterEvent.ConnectorChange.class, ClusterEvent.Change.UPDATED);
    add("saml.deleted", ClusterEvent.ConnectorChange.class, ClusterEvent.Change.DELETED);
    add("auth_preference.update", ClusterEvent.AuthPreferenceUpdate.class);
    add("lock.created", ClusterEvent.LockChange.class, ClusterEvent.Change.CREATED);
    add("lock.deleted", ClusterEvent.LockChange.class, ClusterEvent.Change.DELETED);
  }

  private EventTypes() {}

  static Optional<EventType> find(String event) {
    return Optional.ofNullable(BY_NAME.get(event));
  }

  static Map<String, EventType> all() {
    return Map.copyOf(BY_NAME);
  }

  private static void add(String event, Class<? extends AuditEvent> record) {
    BY_NAME.put(event, new EventType(record, Optional.empty()));
  }

  private static void add(
      String event, Class<? extends AuditEvent> record, ClusterEvent.Change change) {
    BY_NAME.put(event, new EventType(record, Optional.of(change)));
  }
}
