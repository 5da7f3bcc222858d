package dev.sallyport.aws;

/// The STS of a region.
///
/// @param fips the one with validated cryptography
/// @param dualStack the one that also answers over IPv6
public record StsPlace(String region, boolean fips, boolean dualStack) {
  /// The plain one.
  public static StsPlace of(String region) {
    return new StsPlace(region, false, false);
  }
}
