package dev.sallyport.sigv4;

/// Why a signature does not count.
public enum SignatureFault {
  /// There is none in the header.
  MISSING,
  /// It is not of the form that AWS documents, or leaves out what must be signed.
  INCOMPLETE,
  /// It is made with another access key.
  UNKNOWN_KEY,
  /// It comes with a session token, which this key has not.
  SESSION_TOKEN,
  /// Its time is too far from now.
  OUT_OF_TIME,
  /// It was made with another secret, or the request was changed since.
  WRONG
}
