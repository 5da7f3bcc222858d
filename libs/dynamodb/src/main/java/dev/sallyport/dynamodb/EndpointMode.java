package dev.sallyport.dynamodb;

/// Which of a region's endpoints is used.
public enum EndpointMode {
  /// The regional one.
  PLAIN,
  /// The one with validated cryptography.
  FIPS,
  /// The one that also answers over IPv6.
  DUAL_STACK,
  /// The account's own, where its partition has them; DynamoDB's only, the other services have
  /// plain ones.
  ACCOUNT
}
