package dev.sallyport.testkit.aws;

/// What became of verifying a request's signature.
public sealed interface SignatureVerdict {

  /// It is right.
  ///
  /// @param key whose it is
  record Accepted(AccessKey key) implements SignatureVerdict {}

  /// It is not.
  ///
  /// @param fault what kind
  /// @param message as AWS words it, or nearly
  record Refused(Fault fault, String message) implements SignatureVerdict {}

  /// Kinds of faults; each service has its own codes for them.
  enum Fault {
    /// There is no signature.
    MISSING("MissingAuthenticationToken", "MissingAuthenticationTokenException"),
    /// The signature's header is malformed, or leaves out what must be signed.
    INCOMPLETE("IncompleteSignature", "IncompleteSignatureException"),
    /// The key or the token is not known.
    UNKNOWN_KEY("InvalidClientTokenId", "UnrecognizedClientException"),
    /// The token has ended.
    EXPIRED("ExpiredToken", "ExpiredTokenException"),
    /// Scope, date, hash or signature is wrong.
    MISMATCH("SignatureDoesNotMatch", "InvalidSignatureException");

    private final String stsCode;
    private final String dynamoDbCode;

    Fault(String stsCode, String dynamoDbCode) {
      this.stsCode = stsCode;
      this.dynamoDbCode = dynamoDbCode;
    }

    /// The error code of STS.
    public String stsCode() {
      return stsCode;
    }

    /// The exception of DynamoDB.
    public String dynamoDbCode() {
      return dynamoDbCode;
    }
  }
}
