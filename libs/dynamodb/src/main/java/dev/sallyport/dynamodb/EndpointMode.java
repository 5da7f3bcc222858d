package dev.sallyport.dynamodb;

import dev.sallyport.model.AwsEndpointChoice;
import dev.sallyport.model.AwsEndpointName;

/// Which of a region's endpoints is used.
///
/// @param fips the one with validated cryptography
/// @param dualStack the one that also answers over IPv6
/// @param account the account's own, where its partition has them; DynamoDB's only
public record EndpointMode(boolean fips, boolean dualStack, boolean account) {
  /// The regional one.
  public static final EndpointMode PLAIN = new EndpointMode(false, false, false);

  /// What a database asks for.
  static EndpointMode of(AwsEndpointChoice choice) {
    return new EndpointMode(choice.wantsFips(), choice.wantsDualStack(), choice.wantsAccount());
  }

  /// What the name of an endpoint tells. A plain one is told apart from a validated one even where
  /// it is both.
  static EndpointMode of(AwsEndpointName name) {
    return new EndpointMode(
        name.service().endsWith("-fips"), name.isDualStack(), name.accountId().isPresent());
  }

  /// The same with validated cryptography, if it is asked for.
  EndpointMode withFips(boolean wanted) {
    return new EndpointMode(fips || wanted, dualStack, account);
  }
}
