package dev.sallyport.agent.session;

import dev.sallyport.agent.aws.CredentialOutcome;
import dev.sallyport.agent.aws.RoleSession;
import dev.sallyport.agent.aws.SessionTags;
import dev.sallyport.agent.http.HeldRequest;
import dev.sallyport.agent.session.RequestMeter.Hop;
import dev.sallyport.agent.signing.SignatureRefusal;
import dev.sallyport.agent.signing.SignedRequest;
import dev.sallyport.agent.signing.Signing;
import dev.sallyport.agent.upstream.AnswerHead;
import dev.sallyport.agent.upstream.AnswerSink;
import dev.sallyport.agent.upstream.Exchange;
import dev.sallyport.agent.upstream.UpstreamFailure;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.audit.RequestJournal.Begun;
import dev.sallyport.audit.RequestJournal.RequestEntry;
import dev.sallyport.control.UserRoles;
import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.dynamodb.DynamoDbError;
import dev.sallyport.dynamodb.DynamoDbTarget;
import dev.sallyport.dynamodb.Operation;
import dev.sallyport.dynamodb.RequestContent;
import dev.sallyport.dynamodb.RequestReading;
import dev.sallyport.dynamodb.RequestSummary;
import dev.sallyport.policy.Denial;
import dev.sallyport.policy.Permit;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request on its way through the agent, from held to answered:
///
/// ```
/// form → judge → target → summary → intent on record → credentials → judge again if that took
/// time → sign → send → stream the answer → outcome on record → next request
/// ```
///
/// Where the view of the cluster is too old to judge by, it waits for a better one, up to two
/// seconds after it came.
///
/// A request whose signature AWS refuses is judged, signed and sent once more, if that can help:
/// [#refusedAtFirst].
///
/// The intent is put on record by the event loop itself while the journal is quick, together with
/// those that came in the same round; else by the journal's thread.
///
/// Every exit answers the client (or cuts the connection when nobody knows what became of the
/// request), completes the record and gives the body's memory back. Runs on the connection's event
/// loop; only a large body's summary, the journal and a missing credential leave it and come back.
final class RequestRun implements AnswerSink {
  /// Bodies up to here are read on the event loop: some 100 µs.
  private static final int SMALL_BODY = 128 << 10;

  /// How old a judgement may be when a request is sent by it; an older one is made again.
  private static final long FRESH_NANOS = 20_000_000;

  private static final String CLIENT_GONE = "the client is gone";

  private final DataPath path;
  private final DatabaseConnection connection;
  private final HeldRequest held;
  private final RequestRecord record;
  private final AnswerWriter answer;
  private AwsService service = AwsService.DYNAMODB;
  private @Nullable RequestEntry entry;
  private @Nullable Exchange exchange;
  private @Nullable Sending sending;
  private @Nullable Permit first;
  private boolean clientGone;
  private boolean headWritten;
  private boolean over;
  private boolean seated;
  private final long begunAt = System.nanoTime();
  private long passedAt = begunAt;

  /// What is sent, and with whose credentials.
  private record Sending(SignedRequest request, CredentialOutcome.Ready by) {}

  RequestRun(DatabaseConnection connection, HeldRequest held, AnswerWriter answer) {
    this.path = connection.path();
    this.connection = connection;
    this.held = held;
    this.answer = answer;
    this.record = new RequestRecord(path.records(), connection.session(), held);
    path.meter().begun();
  }

  /// A part of the way lies behind.
  private void passed(Hop hop) {
    long now = System.nanoTime();
    path.meter().took(hop, now - passedAt);
    passedAt = now;
  }

  void start() {
    seated = path.seats().begin();
    if (!seated) {
      refuse(Answers.of(new Judgement.Busy("too many requests are in flight")));
      return;
    }
    var problem = RequestForm.problem(held.head());
    if (problem.isPresent()) {
      refuse(problem.get());
      return;
    }
    judgedThen(permit -> {
      first = permit;
      read();
    });
  }

  private void read() {
    switch (DynamoDbTarget.parse(held.head().header("X-Amz-Target").orElse(null))) {
      case DynamoDbTarget.Known known -> summarize(known.operation());
      case DynamoDbTarget.UnknownOperation unknown ->
          refuse(DynamoDbError.unknownOperation(unknown.message()));
      case DynamoDbTarget.Unrecognized unrecognized ->
          refuse(DynamoDbError.unknownOperation(unrecognized.message()));
    }
  }

  /// Goes on with the connection's permit, once it can be told whether there is one.
  private void judgedThen(Consumer<Permit> next) {
    connection.whenInSight(
        begunAt,
        () -> {
          var permit = clientGone ? null : judged();
          if (permit != null) {
            next.accept(permit);
          } else if (!over) {
            notSent(CLIENT_GONE);
          }
        });
  }

  /// The connection's permit, or null after the refusal was answered.
  private @Nullable Permit judged() {
    return switch (connection.judgeRequest()) {
      case Judgement.Allowed allowed -> {
        record.allowedBy(allowed);
        yield allowed.permit();
      }
      case Judgement.Refused refused -> {
        record.denied(refused.denial().code().name().toLowerCase(Locale.ROOT));
        if (refused.denial().code() == Denial.Code.EXPIRED) {
          // Only another certificate can help, and that needs another connection.
          answer.closeAfter();
        }
        refuse(Answers.of(refused.denial()));
        yield null;
      }
      case Judgement.Limited limited -> {
        refuse(Answers.of(limited));
        yield null;
      }
      case Judgement.Gone gone -> {
        // Another connection finds the database as it is now, here or elsewhere.
        answer.closeAfter();
        refuse(Answers.of(gone));
        yield null;
      }
      case Judgement.Busy busy -> {
        answer.closeAfter();
        refuse(Answers.of(busy));
        yield null;
      }
      case Judgement.Stale _ -> {
        refuse(Answers.stale());
        yield null;
      }
    };
  }

  private void summarize(Operation operation) {
    service = operation.service();
    record.goesTo(connection.metadata(service));
    var home = connection.home();
    if (held.body().length <= SMALL_BODY) {
      var reading = RequestSummary.of(operation, held.body(), home);
      summarized(reading, path.records().bodies().read(reading, held.body()));
      return;
    }
    path.blocking()
        .execute(() -> {
          var reading = RequestSummary.of(operation, held.body(), home);
          var content = path.records().bodies().read(reading, held.body());
          connection.onLoop(() -> summarized(reading, content));
        });
  }

  private void summarized(RequestReading reading, RequestContent content) {
    switch (reading) {
      case RequestReading.Unreadable unreadable ->
          refuse(
              DynamoDbError.serialization("The body is not taken: " + unreadable.reason() + "."));
      // No rule depends on bodies; the first one that does has to refuse here.
      case RequestReading.Ambiguous twice -> {
        record.readsTwoWays(twice);
        intend();
      }
      case RequestSummary summary -> {
        record.reads(summary, content);
        intend();
      }
    }
  }

  private void intend() {
    var intent = record.intent();
    path.records()
        .rounds()
        .add(
            connection.loop(),
            intent,
            made ->
                connection.guarded(() -> {
                  if (made.isPresent()) {
                    intendedAtOnce(made.get());
                  } else {
                    intendElsewhere(intent);
                  }
                }));
  }

  private void intendElsewhere(DynamoDbRequest intent) {
    path.records()
        .journal()
        .begin(
            intent,
            new Begun() {
              @Override
              public void recorded(RequestEntry made) {
                connection.onLoop(() -> intended(made));
              }

              @Override
              public void refused(AuditUnavailable cause) {
                connection.onLoop(() -> notRecorded(cause));
              }
            });
  }

  private void notRecorded(AuditUnavailable cause) {
    connection.noRecord(cause);
    refuse(Answers.noRecord());
  }

  /// The intent is on record, as part of the round of the event loop in which the request came.
  private void intendedAtOnce(RequestEntry made) {
    if (clientGone || System.nanoTime() - begunAt >= FRESH_NANOS) {
      intended(made);
      return;
    }
    entry = made;
    sendBy(first);
  }

  /// The intent is on record. Time has passed, and much may have changed meanwhile.
  private void intended(RequestEntry made) {
    entry = made;
    judgedThen(this::sendBy);
  }

  /// @param permit null if the request was refused
  private void sendBy(@Nullable Permit permit) {
    if (permit == null) {
      return;
    }
    var user = permit.user().identity();
    var aws = permit.database().aws();
    switch (SessionTags.of(aws.marks(), user, () -> traitsNow(user.user()))) {
      case SessionTags.Made.Tags tags ->
          withSession(permit, RoleSession.of(aws, permit.roleArn().toString(), user.user(), tags));
      case SessionTags.Made.Refused refused -> {
        record.denied("session_tags");
        refuse(Answers.of(refused));
      }
    }
  }

  private Map<String, List<String>> traitsNow(String user) {
    return path.facts().user(user).map(UserRoles::knownTraits).orElse(Map.of());
  }

  private void withSession(Permit permit, RoleSession session) {
    var ready = path.credentials().ready(session);
    if (ready.isPresent()) {
      sign(permit, ready.get());
      return;
    }
    signWith(path.credentials().get(session));
  }

  private void signWith(CompletableFuture<CredentialOutcome> credentials) {
    credentials.thenAccept(outcome ->
        // Time has passed again.
        connection.onLoop(() -> judgedThen(permit -> sign(permit, outcome))));
  }

  private void sign(Permit permit, CredentialOutcome outcome) {
    switch (outcome) {
      case CredentialOutcome.Ready ready -> {
        record.signedFor(ready.session(), ready.credentials().accessKeyId());
        switch (path.signer().sign(permit, held, service, ready, path.clock().instant())) {
          case Signing.Signed signed -> send(new Sending(signed.request(), ready));
          case Signing.DatabaseChanged _ -> {
            answer.closeAfter();
            refuse(Answers.of(connection.gone()));
          }
          case Signing.PermitEnded ended -> refuse(Answers.permitEnded(ended.end()));
        }
      }
      case CredentialOutcome.Refused refused -> refuse(Answers.of(refused));
      case CredentialOutcome.NoAgentCredentials none -> {
        connection.noCredentials(none);
        refuse(Answers.of(none));
      }
      case CredentialOutcome.Unavailable unavailable -> {
        answerOwn(Answers.of(unavailable));
        complete(Outcome.NOT_SENT, Optional.of(unavailable.reason()));
      }
    }
  }

  private void send(Sending next) {
    var sink = sending == null ? new FirstAnswer(this, this::refusedAtFirst) : this;
    if (sending == null) {
      connection.session().requests.incrementAndGet();
      passed(Hop.AGENT);
    }
    sending = next;
    exchange = path.upstream().send(connection.loop(), next.request(), sink);
  }

  /// AWS answered the first sending with an error of this code. One that refuses the signature
  /// proves that nothing was executed: if AWS's clock, heard meanwhile, or other credentials can
  /// help, the request is judged and signed anew and sent a second time, whose answer is the
  /// client's.
  private boolean refusedAtFirst(String code) {
    var refused = sending;
    var refusal = SignatureRefusal.of(code);
    if (refused == null || refusal.isEmpty() || clientGone) {
      return false;
    }
    var session = refused.by().session();
    var credentials =
        switch (refusal.get()) {
          // Those of the first sending, unless they ended with a leap of the clock.
          case CLOCK ->
              path.signer().wouldSignOtherwise(refused.request())
                  ? Optional.of(path.credentials().get(session))
                  : Optional.<CompletableFuture<CredentialOutcome>>empty();
          case CREDENTIALS ->
              path.credentials().replace(session, refused.by().credentials().accessKeyId());
        };
    if (credentials.isEmpty()) {
      return false;
    }
    record.sentAgain(code);
    path.meter().sentAgain(refusal.get());
    signWith(credentials.get());
    return true;
  }

  /// The client takes bytes again.
  void resume() {
    if (exchange != null) {
      exchange.resume();
    }
  }

  /// The client's connection ended. What was sent goes on to its end, so that the record tells what
  /// became of it; the bytes are dropped.
  void clientGone() {
    clientGone = true;
    resume();
  }

  @Override
  public void head(AnswerHead head) {
    passed(Hop.AWS);
    path.meter().awsAnswered(head.status());
    record.answered(head.status(), requestId(head));
    headWritten = true;
    if (connection.isDraining()) {
      answer.closeAfter();
    }
    if (!clientGone) {
      answer.head(head);
    }
  }

  @Override
  public void body(ByteBuf bytes) {
    record.passes(bytes);
    if (clientGone) {
      bytes.release();
    } else {
      answer.body(bytes);
    }
  }

  @Override
  public void flush() {
    if (!clientGone) {
      answer.flush();
    }
  }

  @Override
  public boolean wantsMore() {
    return clientGone || connection.isWritable();
  }

  @Override
  public void end() {
    if (!clientGone) {
      answer.end();
    }
    passed(Hop.ANSWER);
    complete(Outcome.ANSWERED, Optional.empty());
  }

  @Override
  public void failed(UpstreamFailure failure) {
    switch (failure.kind()) {
      case NOT_SENT -> {
        connection.notReached(failure);
        answerOwn(Answers.notReached(connection.destination(service)));
        complete(Outcome.NOT_SENT, Optional.of(failure.reason()));
      }
      case UNKNOWN_OUTCOME -> {
        // As a network would: no status is invented for what nobody knows.
        answer.closeAfter();
        complete(Outcome.UNKNOWN, Optional.of(failure.reason()));
      }
    }
  }

  private void refuse(DynamoDbError error) {
    answerOwn(error);
    complete(Outcome.REFUSED, Optional.of(error.message()));
  }

  private void notSent(String reason) {
    complete(Outcome.NOT_SENT, Optional.of(reason));
  }

  private void answerOwn(DynamoDbError error) {
    if (clientGone || headWritten) {
      return;
    }
    if (connection.isDraining()) {
      answer.closeAfter();
    }
    answer.own(error.answer(service, record.id()));
  }

  private void complete(Outcome outcome, Optional<String> error) {
    if (over) {
      return;
    }
    over = true;
    if (seated) {
      path.seats().over();
    }
    path.meter().ended(outcome);
    path.meter().took(Hop.WHOLE, System.nanoTime() - begunAt);
    var event = record.event(outcome, error);
    if (entry != null) {
      entry.complete(event);
    } else {
      path.records().append(event);
    }
    held.release();
    connection.finished(answer.keepsAlive());
  }

  private static Optional<String> requestId(AnswerHead head) {
    for (var header : head.headers()) {
      if (header.name().equalsIgnoreCase("x-amzn-RequestId")) {
        return Optional.of(header.value());
      }
    }
    return Optional.empty();
  }
}
