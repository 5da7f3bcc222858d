package dev.sallyport.bench;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.InvalidAuditEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Records of requests as an agent makes them in its usual mode.
final class RequestRecords {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private RequestRecords() {}

  static DynamoDbRequest intent(String uid, Instant time) {
    try {
      return (DynamoDbRequest) AuditJson.read(text(uid, time, "alice", "intended", 0));
    } catch (InvalidAuditEvent e) {
      throw new IllegalStateException(e);
    }
  }

  /// @param hash stands for the value of the key
  static String outcome(String uid, Instant time, String user, long hash) {
    return text(uid, time, user, "answered", hash);
  }

  private static String text(String uid, Instant time, String user, String outcome, long hash) {
    return """
    {"event":"db.session.dynamodb.request","code":"TDY01I","uid":"%1$s","time":"%2$s",\
    "cluster_name":"example.com","ei":1,"user":"%3$s","user_kind":1,"user_roles":["access","dev"],\
    "sid":"0d1e0000-0000-4000-8000-00000000%3$s","private_key_policy":"none","db_service":"example-dynamodb",\
    "db_protocol":"dynamodb","db_uri":"https://dynamodb.us-east-1.amazonaws.com",\
    "db_user":"ExampleTeleportDynamoDBRole","db_labels":{"env":"dev"},"db_aws_region":"us-east-1",\
    "db_type":"dynamodb","db_origin":"config-file","server_id":"00000000-0000-4000-8000-000000000001",\
    "method":"POST","path":"/","raw_query":"","target":"DynamoDB_20120810.GetItem","tables":["Music"],\
    "table_knowledge":"complete","body_bytes":124,\
    "body_digest":"hmac-sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",\
    "role":"access","aws_role_arn":"arn:aws:iam::123456789012:role/ExampleTeleportDynamoDBRole",\
    "outcome":"%4$s","status_code":%5$d,"aws_request_id":"0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123",\
    "invocation_id":"00000000-0000-4000-8000-000000000002","duration_millis":12,\
    "key_attributes":{"Artist":"hmac-sha256:%6$032x"},"item_count":1,"body_cut":false,\
    "role_session_name":"%3$s","access_key_id":"ASIA0123456789ABCDEF","sdk_attempt":"attempt=1; max=3",\
    "answer_bytes":417}\
    """
        .formatted(
            uid, TIME.format(time), user, outcome, outcome.equals("answered") ? 200 : 0, hash);
  }
}
