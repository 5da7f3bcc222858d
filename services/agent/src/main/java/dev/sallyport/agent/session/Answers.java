package dev.sallyport.agent.session;

import dev.sallyport.agent.aws.CredentialOutcome;
import dev.sallyport.agent.aws.SessionTags;
import dev.sallyport.agent.http.RequestFault;
import dev.sallyport.dynamodb.DynamoDbError;
import dev.sallyport.policy.Denial;
import java.time.Instant;

/// Turns whatever keeps a request from AWS into an error of DynamoDB's own form. Refusals have 400
/// and SDKs give up; outages have 503 and SDKs try again.
final class Answers {
  private static final int TOO_LARGE = 413;
  private static final int EXPECTATION_FAILED = 417;
  private static final int BAD_REQUEST = 400;
  private static final String SERVICE = "com.amazon.coral.service#";

  private Answers() {}

  static DynamoDbError of(RequestFault fault) {
    return switch (fault.kind()) {
      case MALFORMED, HEAD_TOO_LARGE ->
          DynamoDbError.serialization("The request is not taken: " + fault.detail() + ".");
      case BODY_TOO_LARGE ->
          new DynamoDbError(
              TOO_LARGE,
              SERVICE + "RequestEntityTooLargeException",
              "The request is not taken: " + fault.detail() + ".");
      case EXPECTATION_FAILED ->
          new DynamoDbError(
              EXPECTATION_FAILED,
              SERVICE + "ExpectationFailedException",
              "The request is not taken: " + fault.detail() + ".");
      case BUSY ->
          DynamoDbError.throttling("The Database Service is busy: " + fault.detail() + ".");
      case TOO_SLOW ->
          new DynamoDbError(BAD_REQUEST, SERVICE + "RequestTimeoutException", fault.detail() + ".");
    };
  }

  static DynamoDbError of(Denial denial) {
    return switch (denial.code()) {
      case EXPIRED -> DynamoDbError.expiredToken(denial.message());
      case REVOKED,
          WRONG_ROUTE,
          MISSING_ROLE,
          LOCKED,
          MFA_REQUIRED,
          EXPLICIT_DENY,
          NO_MATCHING_LABELS,
          NO_MATCHING_DB_USER,
          INVALID_DB_USER ->
          DynamoDbError.accessDenied(denial.message());
    };
  }

  /// How the answer begins when the picture of the cluster is too old to judge by.
  static final String STALE = "preventive lock-out due to local lock view becoming unreliable";

  static DynamoDbError stale() {
    return DynamoDbError.unavailable(
        STALE
            + ": the Database Service has lost its connection to the Auth Service and cannot judge"
            + " the request now; try again in a moment.");
  }

  static DynamoDbError of(Judgement.Limited limited) {
    return DynamoDbError.accessDenied(limited.reason());
  }

  /// An outage, not a refusal: another connection may find the database as it is now, or another
  /// Database Service that serves it.
  static DynamoDbError of(Judgement.Gone gone) {
    return DynamoDbError.unavailable(gone.reason());
  }

  static DynamoDbError of(Judgement.Busy busy) {
    return DynamoDbError.throttling("The Database Service is busy: " + busy.reason() + ".");
  }

  static DynamoDbError permitEnded(Instant end) {
    return DynamoDbError.expiredToken(
        "The certificate expired at " + end + "; sign in again with 'tsh login'.");
  }

  static DynamoDbError of(SessionTags.Made.Refused refused) {
    return DynamoDbError.accessDenied(
        "The Database Service cannot make an AWS session of this user: " + refused.reason() + ".");
  }

  static DynamoDbError of(CredentialOutcome.Refused refused) {
    return DynamoDbError.accessDenied(
        "AWS does not let the Database Service assume the role: " + refused.hint());
  }

  static DynamoDbError of(CredentialOutcome.Unavailable unavailable) {
    return DynamoDbError.unavailable(unavailable.reason());
  }

  static DynamoDbError of(CredentialOutcome.NoAgentCredentials none) {
    return DynamoDbError.accessDenied(none.hint());
  }

  static DynamoDbError noRecord() {
    return DynamoDbError.unavailable(
        "The Database Service cannot write its audit log and takes no requests until it can.");
  }

  static DynamoDbError notReached(String destination) {
    return DynamoDbError.unavailable(
        "The Database Service cannot reach " + destination + "; the request was not sent.");
  }

  static DynamoDbError stopping() {
    return DynamoDbError.unavailable("The Database Service is stopping; try again.");
  }
}
