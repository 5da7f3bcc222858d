package dev.sallyport.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What happens at an agent. An agent may send these about itself and no others: Auth compares
/// `serverId` with the sender.
public sealed interface DatabaseEvent extends AuditEvent {

  /// The host id of the agent.
  String serverId();

  /// Who did it.
  UserMetadata user();

  /// A session began, or was refused.
  ///
  /// @param namespace `default`
  /// @param success whether access was given
  /// @param remoteAddress where the client said it came from
  /// @param error why it was refused, for the log
  /// @param message what the user was told
  record DbSessionStart(
      EventHeader header,
      UserMetadata user,
      SessionMetadata session,
      DatabaseMetadata database,
      String serverId,
      String namespace,
      Optional<String> remoteAddress,
      boolean success,
      Optional<String> error,
      Optional<String> message)
      implements DatabaseEvent {
    @Override
    public String event() {
      return "db.session.start";
    }

    @Override
    public String code() {
      return success ? "TDB00I" : "TDB00W";
    }
  }

  /// A session ended.
  ///
  /// @param sessionStart when it began
  /// @param sessionStop when its last connection ended
  /// @param requests how many requests it made
  record DbSessionEnd(
      EventHeader header,
      UserMetadata user,
      SessionMetadata session,
      DatabaseMetadata database,
      String serverId,
      Instant sessionStart,
      Instant sessionStop,
      long requests)
      implements DatabaseEvent {
    @Override
    public String event() {
      return "db.session.end";
    }

    @Override
    public String code() {
      return "TDB01I";
    }
  }

  /// How far a request got.
  enum Outcome {
    /// About to be sent: what is on record if nothing follows is that the outcome is unknown.
    INTENDED,
    /// AWS answered, be it with an error.
    ANSWERED,
    /// We refused it.
    REFUSED,
    /// It surely did not reach AWS.
    NOT_SENT,
    /// It was sent and no whole answer came.
    UNKNOWN
  }

  /// One request of a client. Holds no item data.
  ///
  /// @param method HTTP method
  /// @param path HTTP path
  /// @param rawQuery the HTTP query with the names of its parameters, never their values; empty
  ///   when there is none
  /// @param target the value of `X-Amz-Target`
  /// @param tables the tables of the request as far as they are known
  /// @param tableKnowledge how far: `complete`, `best_effort`, `unknown` or `ambiguous`
  /// @param bodyBytes length of the request's body
  /// @param bodyDigest digest of the request's body, with its kind in front
  /// @param role the role that gave access
  /// @param awsRoleArn the IAM role that was assumed
  /// @param outcome how far it got
  /// @param statusCode HTTP status of the answer; 0 when there is none
  /// @param awsRequestId the request id that AWS gave
  /// @param invocationId the same for all tries of one call of an SDK
  /// @param durationMillis from the whole request to the whole answer
  /// @param error why there is no answer of AWS
  /// @param detail what of the body is on record
  /// @param call how it was sent
  record DynamoDbRequest(
      EventHeader header,
      UserMetadata user,
      SessionMetadata session,
      DatabaseMetadata database,
      String serverId,
      String method,
      String path,
      String rawQuery,
      String target,
      List<String> tables,
      String tableKnowledge,
      long bodyBytes,
      String bodyDigest,
      Optional<String> role,
      Optional<String> awsRoleArn,
      Outcome outcome,
      int statusCode,
      Optional<String> awsRequestId,
      Optional<String> invocationId,
      long durationMillis,
      Optional<String> error,
      RequestDetail detail,
      CallDetail call)
      implements DatabaseEvent {

    /// Copies the tables.
    public DynamoDbRequest {
      tables = List.copyOf(tables);
    }

    /// The same request, of which no more will be known than this.
    public DynamoDbRequest ended(Outcome end, String reason) {
      return new DynamoDbRequest(
          header,
          user,
          session,
          database,
          serverId,
          method,
          path,
          rawQuery,
          target,
          tables,
          tableKnowledge,
          bodyBytes,
          bodyDigest,
          role,
          awsRoleArn,
          end,
          statusCode,
          awsRequestId,
          invocationId,
          durationMillis,
          Optional.of(reason),
          detail,
          call);
    }

    @Override
    public String event() {
      return "db.session.dynamodb.request";
    }

    @Override
    public String code() {
      return switch (outcome) {
        case INTENDED, ANSWERED -> "TDY01I";
        case REFUSED, NOT_SENT, UNKNOWN -> "TDY01E";
      };
    }
  }

  /// A session was not taken, since its user has as many as they may.
  ///
  /// @param reason what the user may know
  /// @param max how many they may have
  record SessionRejected(
      EventHeader header,
      UserMetadata user,
      SessionMetadata session,
      DatabaseMetadata database,
      String serverId,
      String reason,
      int max)
      implements DatabaseEvent {
    @Override
    public String event() {
      return "session.rejected";
    }

    @Override
    public String code() {
      return "T1006W";
    }
  }

  /// A connection was cut by us: a lock, an expired certificate, idle for too long.
  ///
  /// @param reason what the user may know
  record ClientDisconnect(
      EventHeader header,
      UserMetadata user,
      SessionMetadata session,
      DatabaseMetadata database,
      String serverId,
      String reason)
      implements DatabaseEvent {
    @Override
    public String event() {
      return "client.disconnect";
    }

    @Override
    public String code() {
      return "T3006I";
    }
  }

  /// What became of an agent's journal.
  enum JournalState {
    /// A new chain began: there was no journal to go on with.
    STARTED,
    /// The end of a file was torn, as a crash leaves it, and was cut off.
    RECOVERED,
    /// Records are lost for good.
    LOST
  }

  /// Something about the journal itself that whoever relies on it must know.
  ///
  /// @param user the agent
  /// @param state what became of it
  /// @param epoch the chain that goes on from here
  /// @param records how many records are concerned; 0 when that is not known
  /// @param bytes how many bytes are concerned
  /// @param reason why
  /// @param gaps which numbers of the chain are gone, each as `first-last`; as many as fit
  record JournalNotice(
      EventHeader header,
      UserMetadata user,
      String serverId,
      JournalState state,
      String epoch,
      long records,
      long bytes,
      String reason,
      List<String> gaps)
      implements DatabaseEvent {
    /// Copies the list.
    public JournalNotice {
      gaps = List.copyOf(gaps);
    }

    @Override
    public String event() {
      return "audit.journal";
    }

    @Override
    public String code() {
      return switch (state) {
        case STARTED -> "TAJ00I";
        case RECOVERED -> "TAJ00W";
        case LOST -> "TAJ00E";
      };
    }
  }
}
