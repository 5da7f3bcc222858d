package dev.sallyport.audit;

import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.JsonBytes.Name;
import java.time.Instant;
import java.util.Optional;

/// Writes the record of a request: the same bytes as [EventWriter] would, field by field. Two of
/// these are written for each request on the event loop that carries it, and some sixty accessors
/// that are found at run time cost more there than all that they read.
final class RequestWriter {

  private static final WrittenParts PARTS = new WrittenParts();

  private static final Name UID = new Name("uid");
  private static final Name TIME = new Name("time");
  private static final Name CLUSTER_NAME = new Name("cluster_name");
  private static final Name INDEX = new Name("ei");
  private static final Name SERVER_ID = new Name("server_id");
  private static final Name METHOD = new Name("method");
  private static final Name PATH = new Name("path");
  private static final Name RAW_QUERY = new Name("raw_query");
  private static final Name TARGET = new Name("target");
  private static final Name TABLES = new Name("tables");
  private static final Name TABLE_KNOWLEDGE = new Name("table_knowledge");
  private static final Name BODY_BYTES = new Name("body_bytes");
  private static final Name BODY_DIGEST = new Name("body_digest");
  private static final Name ROLE = new Name("role");
  private static final Name AWS_ROLE_ARN = new Name("aws_role_arn");
  private static final Name OUTCOME = new Name("outcome");
  private static final Name STATUS_CODE = new Name("status_code");
  private static final Name AWS_REQUEST_ID = new Name("aws_request_id");
  private static final Name INVOCATION_ID = new Name("invocation_id");
  private static final Name DURATION_MILLIS = new Name("duration_millis");
  private static final Name ERROR = new Name("error");
  private static final Name INDEXES = new Name("indexes");
  private static final Name KEY_ATTRIBUTES = new Name("key_attributes");
  private static final Name CONDITIONS = new Name("conditions");
  private static final Name ITEM_COUNT = new Name("item_count");
  private static final Name STATEMENTS = new Name("statements");
  private static final Name BODY = new Name("body");
  private static final Name BODY_CUT = new Name("body_cut");
  private static final Name ROLE_SESSION_NAME = new Name("role_session_name");
  private static final Name ACCESS_KEY_ID = new Name("access_key_id");
  private static final Name SDK_ATTEMPT = new Name("sdk_attempt");
  private static final Name ANSWER_BYTES = new Name("answer_bytes");
  private static final Name CONSUMED_CAPACITY = new Name("consumed_capacity");
  private static final Name ERROR_CODE = new Name("error_code");
  private static final Name DENIAL_REASON = new Name("denial_reason");
  private static final Name VIEW_AS_OF = new Name("view_as_of");
  private static final Name FIRST_REFUSAL = new Name("first_refusal");

  private final JsonBytes out;
  private final EventWriter general;

  RequestWriter(JsonBytes out, EventWriter general) {
    this.out = out;
    this.general = general;
  }

  /// The fields, for an object that is open.
  void write(DynamoDbRequest request) {
    header(request.header());
    part(request.user());
    part(request.session());
    part(request.database());
    text(SERVER_ID, request.serverId());
    text(METHOD, request.method());
    text(PATH, request.path());
    text(RAW_QUERY, request.rawQuery());
    text(TARGET, request.target());
    general.writeList(TABLES, request.tables());
    text(TABLE_KNOWLEDGE, request.tableKnowledge());
    number(BODY_BYTES, request.bodyBytes());
    text(BODY_DIGEST, request.bodyDigest());
    text(ROLE, request.role());
    text(AWS_ROLE_ARN, request.awsRoleArn());
    text(OUTCOME, EventFields.spell(request.outcome()));
    number(STATUS_CODE, request.statusCode());
    text(AWS_REQUEST_ID, request.awsRequestId());
    text(INVOCATION_ID, request.invocationId());
    number(DURATION_MILLIS, request.durationMillis());
    text(ERROR, request.error());
    detail(request.detail());
    call(request.call());
  }

  private void header(EventHeader header) {
    text(UID, header.uid());
    time(TIME, header.time());
    text(CLUSTER_NAME, header.clusterName());
    number(INDEX, header.index());
  }

  /// What all requests of a session share.
  private void part(Record part) {
    if (!PARTS.write(part, out)) {
      general.writeRecord(part);
    }
  }

  private void detail(RequestDetail detail) {
    general.writeList(INDEXES, detail.indexes());
    general.writeMap(KEY_ATTRIBUTES, detail.keyAttributes());
    general.writeList(CONDITIONS, detail.conditions());
    if (detail.itemCount().isPresent()) {
      number(ITEM_COUNT, detail.itemCount().get());
    }
    general.writeList(STATEMENTS, detail.statements());
    if (detail.body().isPresent()) {
      out.name(BODY);
      out.raw(AuditJson.compact(detail.body().get()));
    }
    out.name(BODY_CUT);
    out.bool(detail.bodyCut());
  }

  private void call(CallDetail call) {
    text(ROLE_SESSION_NAME, call.roleSessionName());
    text(ACCESS_KEY_ID, call.accessKeyId());
    text(SDK_ATTEMPT, call.sdkAttempt());
    number(ANSWER_BYTES, call.answerBytes());
    if (call.consumedCapacity().isPresent()) {
      out.name(CONSUMED_CAPACITY);
      out.number(call.consumedCapacity().get());
    }
    text(ERROR_CODE, call.errorCode());
    text(DENIAL_REASON, call.denialReason());
    if (call.viewAsOf().isPresent()) {
      time(VIEW_AS_OF, call.viewAsOf().get());
    }
    text(FIRST_REFUSAL, call.firstRefusal());
  }

  private void text(Name name, Optional<String> value) {
    if (value.isPresent()) {
      text(name, value.get());
    }
  }

  private void text(Name name, String value) {
    out.name(name);
    out.string(EventWriter.cut(value));
  }

  private void number(Name name, long value) {
    out.name(name);
    out.number(value);
  }

  private void time(Name name, Instant value) {
    out.name(name);
    out.time(value);
  }
}
