package dev.sallyport.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One event of each kind, with every optional field set.
final class Samples {

  static final Instant TIME = Instant.parse("2030-01-01T10:00:00.123Z");
  private static final EventHeader HEADER = new EventHeader("5f0c", TIME, "example.com", 1);
  private static final UserMetadata ALICE = new UserMetadata("alice", 1, List.of("access", "dev"));
  private static final SessionMetadata SESSION =
      new SessionMetadata("0d1e", Optional.of("phone"), "none");
  private static final DatabaseMetadata DATABASE =
      new DatabaseMetadata(
          "example-dynamodb",
          "dynamodb",
          "https://dynamodb.us-east-1.amazonaws.com",
          Optional.of("n"),
          "ExampleTeleportDynamoDBRole",
          Map.of("env", "dev"),
          "us-east-1",
          "dynamodb",
          "config-file");

  private static final MfaDeviceMetadata PHONE = new MfaDeviceMetadata("phone", "1d2e", "TOTP");
  private static final ChangeDetail CHANGE =
      new ChangeDetail(
          Optional.of("10.0.0.1"), Map.of("spec.a", "1"), Map.of("spec.a", "2", "spec.b", "[]"));

  private Samples() {}

  static DatabaseEvent.DynamoDbRequest request(DatabaseEvent.Outcome outcome, String target) {
    return new DatabaseEvent.DynamoDbRequest(
        HEADER,
        ALICE,
        SESSION,
        DATABASE,
        "host-1",
        "POST",
        "/",
        "",
        target,
        List.of("Music"),
        "complete",
        24,
        "sha256:00",
        Optional.of("access"),
        Optional.of("arn:aws:iam::123456789012:role/R"),
        outcome,
        outcome == DatabaseEvent.Outcome.ANSWERED ? 200 : 0,
        Optional.of("REQ"),
        Optional.of("inv"),
        12,
        Optional.of("why"),
        new RequestDetail(
            List.of("Music/ByYear"),
            Map.of("Artist", "hmac-sha256:00"),
            List.of("filter"),
            Optional.of(1),
            List.of("SELECT * FROM \"Music\" WHERE \"Artist\" = ?"),
            Optional.of(new RawJson("{\"TableName\":\"Music\",\"Limit\":1.50}")),
            true),
        new CallDetail(
            Optional.of("alice"),
            Optional.of("ASIA0000"),
            Optional.of("attempt=1; max=3"),
            17,
            Optional.of(1.5),
            Optional.of("ValidationException"),
            Optional.of("explicit_deny"),
            Optional.of(TIME),
            Optional.of("InvalidSignatureException")));
  }

  static DatabaseEvent.DbSessionStart start(boolean success) {
    return new DatabaseEvent.DbSessionStart(
        HEADER,
        ALICE,
        SESSION,
        DATABASE,
        "host-1",
        "default",
        Optional.of("10.0.0.1:5000"),
        success,
        Optional.of("no role"),
        Optional.of("access to db denied"));
  }

  private static DatabaseEvent.JournalNotice notice(DatabaseEvent.JournalState state) {
    return new DatabaseEvent.JournalNotice(
        HEADER,
        ALICE,
        "host-1",
        state,
        "0123456789abcdef0123456789abcdef",
        1,
        2,
        "why",
        List.of("5-7"));
  }

  private static ClusterEvent.AuditStoreNotice storeNotice(ClusterEvent.StoreState state) {
    return new ClusterEvent.AuditStoreNotice(HEADER, ALICE, state, "host-1/00", 1, 2, "why");
  }

  static UserEvent.UserLogin login(String method, boolean success) {
    return new UserEvent.UserLogin(
        HEADER,
        ALICE,
        method,
        success,
        Optional.of("10.0.0.1:5000"),
        Optional.of("tsh"),
        Optional.of("e"),
        Optional.of("m"),
        Optional.of(PHONE));
  }

  private static ClusterEvent.LockChange lock(ClusterEvent.Change change) {
    return new ClusterEvent.LockChange(
        HEADER,
        ALICE,
        change,
        "l",
        Map.of("user", "bob"),
        Optional.of("why"),
        Optional.of(TIME),
        ChangeDetail.from(Optional.of("10.0.0.1")));
  }

  private static ClusterEvent.DatabaseChange database(ClusterEvent.Change change) {
    return new ClusterEvent.DatabaseChange(
        HEADER,
        ALICE,
        change,
        "d",
        Optional.of(TIME),
        Optional.of("alice"),
        Optional.of("dynamodb"),
        Optional.of("https://dynamodb.us-east-1.amazonaws.com"),
        Map.of("env", "dev"),
        Optional.of("us-east-1"),
        Optional.of("dynamic"),
        CHANGE);
  }

  private static ClusterEvent.InstanceJoin join(boolean success) {
    return new ClusterEvent.InstanceJoin(
        HEADER,
        ALICE,
        "h",
        "n",
        "Db",
        "token",
        Optional.of("****abcd"),
        Optional.of(TIME),
        success,
        Optional.of("a"),
        Optional.of("e"),
        Map.of("account", "123456789012"));
  }

  private static Stream<AuditEvent> connectors() {
    return Stream.of("github", "oidc", "saml")
        .flatMap(type ->
            Stream.of(ClusterEvent.Change.values())
                .map(change ->
                    new ClusterEvent.ConnectorChange(HEADER, ALICE, change, type, "c", CHANGE)));
  }

  /// Of every kind at least one.
  static List<AuditEvent> all() {
    return Stream.concat(others().stream(), connectors()).toList();
  }

  private static List<AuditEvent> others() {
    Optional<Instant> end = Optional.of(TIME);
    Optional<String> from = Optional.of("10.0.0.1");
    return List.of(
        start(true),
        start(false),
        new DatabaseEvent.DbSessionEnd(HEADER, ALICE, SESSION, DATABASE, "host-1", TIME, TIME, 7),
        request(DatabaseEvent.Outcome.ANSWERED, "DynamoDB_20120810.ListTables"),
        request(DatabaseEvent.Outcome.REFUSED, "DynamoDB_20120810.Scan"),
        new DatabaseEvent.SessionRejected(HEADER, ALICE, SESSION, DATABASE, "host-1", "many", 1),
        new DatabaseEvent.ClientDisconnect(HEADER, ALICE, SESSION, DATABASE, "host-1", "expired"),
        notice(DatabaseEvent.JournalState.STARTED),
        notice(DatabaseEvent.JournalState.RECOVERED),
        notice(DatabaseEvent.JournalState.LOST),
        login("local", true),
        login("local", false),
        login("github", true),
        login("github", false),
        new UserEvent.UserCreate(HEADER, ALICE, "bob", List.of("access"), "local", end, CHANGE),
        new UserEvent.UserUpdate(HEADER, ALICE, "bob", List.of("access"), "local", CHANGE),
        new UserEvent.UserDelete(HEADER, ALICE, "bob", CHANGE),
        new UserEvent.PasswordChange(HEADER, ALICE, Optional.of("10.0.0.1")),
        new UserEvent.MfaAdd(HEADER, ALICE, PHONE, from),
        new UserEvent.MfaDelete(HEADER, ALICE, "bob", PHONE, from),
        new UserEvent.MfaChallengeCreate(HEADER, ALICE, from),
        new UserEvent.MfaChallengeValidate(
            HEADER, ALICE, true, Optional.of(PHONE), Optional.empty(), from),
        new UserEvent.MfaChallengeValidate(
            HEADER, ALICE, false, Optional.empty(), Optional.of("wrong code"), from),
        new UserEvent.ResetPasswordTokenCreate(HEADER, ALICE, "bob", TIME, Optional.of("10.0.0.1")),
        new UserEvent.AuthAttempt(HEADER, ALICE, "expired", Optional.of("10.0.0.1")),
        new ClusterEvent.AuthPreferenceUpdate(HEADER, ALICE, CHANGE),
        new ClusterEvent.RoleChange(HEADER, ALICE, ClusterEvent.Change.CREATED, "r", CHANGE),
        new ClusterEvent.RoleChange(HEADER, ALICE, ClusterEvent.Change.UPDATED, "r", CHANGE),
        new ClusterEvent.RoleChange(HEADER, ALICE, ClusterEvent.Change.DELETED, "r", CHANGE),
        database(ClusterEvent.Change.CREATED),
        database(ClusterEvent.Change.UPDATED),
        database(ClusterEvent.Change.DELETED),
        storeNotice(ClusterEvent.StoreState.DROPPED),
        storeNotice(ClusterEvent.StoreState.GAP),
        storeNotice(ClusterEvent.StoreState.CONTRADICTED),
        storeNotice(ClusterEvent.StoreState.ROLLED_BACK),
        storeNotice(ClusterEvent.StoreState.UNEXPORTED),
        storeNotice(ClusterEvent.StoreState.SET_ASIDE),
        new ClusterEvent.AuthorityRotation(
            HEADER, ALICE, "host", "init", Optional.of("manual"), Optional.of("id"), CHANGE),
        new ClusterEvent.SecretsRead(HEADER, ALICE, "token", Optional.of("10.0.0.1")),
        lock(ClusterEvent.Change.CREATED),
        lock(ClusterEvent.Change.DELETED),
        new ClusterEvent.JoinTokenCreate(HEADER, ALICE, List.of("Db"), "token", end, CHANGE),
        new ClusterEvent.JoinTokenDelete(HEADER, ALICE, List.of("Db"), CHANGE),
        join(true),
        join(false),
        new ClusterEvent.CertificateCreate(
            HEADER, ALICE, "database", "ab", TIME, Optional.of("d"), Optional.of("s")));
  }
}
