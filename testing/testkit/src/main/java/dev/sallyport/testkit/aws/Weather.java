package dev.sallyport.testkit.aws;

/// How a service of the stand-in is doing.
public enum Weather {
  /// It works.
  FINE,
  /// It answers that it is too busy.
  THROTTLING,
  /// It answers that it is not available.
  OUTAGE,
  /// Its answers come with the checksum [AwsGate#WRONG_CHECKSUM], as if they were damaged on the
  /// way.
  DAMAGED,
  /// It resets each connection at its request.
  BROKEN
}
