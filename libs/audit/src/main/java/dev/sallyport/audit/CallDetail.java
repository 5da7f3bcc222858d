package dev.sallyport.audit;

import java.time.Instant;
import java.util.Optional;

/// How a request was sent to AWS and what came of it, beyond the status.
///
/// @param roleSessionName the session name under which AWS's own log shows the request
/// @param accessKeyId the id, not the secret, of the temporary key that signed it
/// @param sdkAttempt which try of one call of an SDK this is, as the SDK says
/// @param answerBytes length of the answer's body as far as it came
/// @param consumedCapacity the capacity units that the answer tells, if it tells them near its end
///   or beginning
/// @param errorCode the code of AWS's error; its text may hold item data and is not here
/// @param denialReason which rule of ours refused it, as a code
/// @param viewAsOf set when it was allowed while Auth was silent: until when the agent's picture of
///   locks, users and roles was sure
/// @param firstRefusal the code of AWS's error by which it refused the signature of a first
///   sending, which it did not execute; status and error are those of the second, which was signed
///   anew
public record CallDetail(
    Optional<String> roleSessionName,
    Optional<String> accessKeyId,
    Optional<String> sdkAttempt,
    long answerBytes,
    Optional<Double> consumedCapacity,
    Optional<String> errorCode,
    Optional<String> denialReason,
    Optional<Instant> viewAsOf,
    Optional<String> firstRefusal) {

  /// Nothing is known.
  public static final CallDetail NONE =
      new CallDetail(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          0,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /// The same, judged by a picture that was sure until then.
  public CallDetail judgedAsOf(Optional<Instant> sure) {
    return new CallDetail(
        roleSessionName,
        accessKeyId,
        sdkAttempt,
        answerBytes,
        consumedCapacity,
        errorCode,
        denialReason,
        sure,
        firstRefusal);
  }
}
