package dev.sallyport.agent.session;

import dev.sallyport.agent.aws.RoleSession;
import dev.sallyport.agent.http.HeldRequest;
import dev.sallyport.audit.CallDetail;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.audit.DatabaseMetadata;
import dev.sallyport.audit.EventHeader;
import dev.sallyport.audit.RequestDetail;
import dev.sallyport.dynamodb.RequestContent;
import dev.sallyport.dynamodb.RequestReading;
import dev.sallyport.dynamodb.RequestSummary;
import dev.sallyport.dynamodb.TableKnowledge;
import dev.sallyport.dynamodb.TableRef;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Gathers what the record of one request says while the request goes its way.
final class RequestRecord {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;

  private final DatabaseSession session;
  private final Records records;
  private final HeldRequest held;
  private final EventHeader header;
  private DatabaseMetadata database;
  private List<String> tables = List.of();
  private TableKnowledge knowledge = TableKnowledge.UNKNOWN;
  private Optional<String> role = Optional.empty();
  private Optional<String> awsRole = Optional.empty();
  private Optional<String> awsRequestId = Optional.empty();
  private Optional<Instant> viewAsOf = Optional.empty();
  private RequestDetail detail = RequestDetail.NONE;
  private Optional<String> roleSession = Optional.empty();
  private Optional<String> accessKeyId = Optional.empty();
  private Optional<String> denialReason = Optional.empty();
  private Optional<String> firstRefusal = Optional.empty();
  private final AnswerScan answer = new AnswerScan();
  private boolean asksForCapacity;
  private Runnable took = () -> {};
  private int status;
  private @Nullable String digest;

  RequestRecord(Records records, DatabaseSession session, HeldRequest held) {
    this.records = records;
    this.session = session;
    this.held = held;
    this.database = session.database;
    this.header = records.header(session.index.getAndIncrement());
  }

  /// The id of the event, which is also the request id of an answer of our own.
  String id() {
    return header.uid();
  }

  void allowedBy(Judgement.Allowed allowed) {
    var permit = allowed.permit();
    viewAsOf = allowed.viewAsOf();
    role = Optional.of(permit.role());
    awsRole = Optional.of(permit.roleArn().toString());
  }

  /// What the body says; the second reading is of the same body.
  void reads(RequestSummary summary, RequestContent content) {
    detail = records.bodies().detail(summary, content, held.body());
    took = () -> records.bodies().took(summary, content);
    asksForCapacity = content.asksForCapacity();
    tables = summary.tables().stream().map(TableRef::display).toList();
    knowledge = summary.knowledge();
  }

  /// The body may say two things.
  void readsTwoWays(RequestReading.Ambiguous twice) {
    detail = BodyRecorder.detail(twice);
    tables = twice.seen().stream().map(TableRef::display).toList();
    knowledge = TableKnowledge.AMBIGUOUS;
  }

  void goesTo(DatabaseMetadata metadata) {
    database = metadata;
  }

  void signedFor(RoleSession session, String keyId) {
    roleSession = Optional.of(session.sessionName());
    accessKeyId = Optional.of(keyId);
  }

  /// AWS refused the signature by an error of this code; another one follows.
  void sentAgain(String code) {
    firstRefusal = Optional.of(code);
  }

  /// A rule of ours refuses it.
  void denied(String reason) {
    denialReason = Optional.of(reason);
  }

  /// A part of the answer passes.
  void passes(ByteBuf bytes) {
    answer.body(bytes);
  }

  void answered(int statusCode, Optional<String> requestId) {
    status = statusCode;
    if (statusCode == OK) {
      took.run();
    }
    awsRequestId = requestId;
  }

  DynamoDbRequest intent() {
    return event(Outcome.INTENDED, Optional.empty());
  }

  /// The names of a query's parameters: their values may be signatures and tokens of a presigned
  /// address.
  private static String names(String query) {
    return query.isEmpty()
        ? ""
        : Arrays.stream(query.split("&"))
            .map(pair ->
                pair.indexOf('=') < 0 ? pair : pair.substring(0, pair.indexOf('=')) + "=***")
            .collect(Collectors.joining("&"));
  }

  /// The same in both events, also where the cluster's key changes in between.
  private String digest() {
    var known = digest;
    if (known == null) {
      known = records.bodies().digest().get().of(held.bodySha256());
      digest = known;
    }
    return known;
  }

  DynamoDbRequest event(Outcome outcome, Optional<String> error) {
    var head = held.head();
    return new DynamoDbRequest(
        header,
        session.user,
        session.session,
        database,
        records.serverId(),
        head.method(),
        head.path(),
        names(head.query()),
        head.header("X-Amz-Target").orElse(""),
        tables,
        knowledge.name().toLowerCase(Locale.ROOT),
        held.body().length,
        digest(),
        role,
        awsRole,
        outcome,
        status,
        awsRequestId,
        head.header("amz-sdk-invocation-id"),
        Duration.between(header.time(), records.clock().instant()).toMillis(),
        error,
        detail,
        new CallDetail(
            roleSession,
            accessKeyId,
            head.header("amz-sdk-request"),
            answer.bytes(),
            asksForCapacity ? answer.capacity() : Optional.empty(),
            status >= BAD_REQUEST ? answer.errorCode() : Optional.empty(),
            denialReason,
            viewAsOf,
            firstRefusal));
  }
}
