package dev.sallyport.auth.join.aws;

import dev.sallyport.model.AwsPartition;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceMetadata;

/// The STS of one region.
///
/// @param uri where it is dialled
/// @param region of its signatures
/// @param partition whose callers it knows
record StsHost(URI uri, String region, String partition) {
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  /// As AWS's SDK knows them.
  private static final Set<String> REGIONS =
      ServiceMetadata.of("sts").regions().stream()
          .map(Region::id)
          .collect(Collectors.toUnmodifiableSet());

  /// That of a region which AWS is known to have; nothing for any other text.
  ///
  /// @param address if the operator says where STS is
  static Optional<StsHost> of(String region, Optional<URI> address) {
    return AwsPartition.find(region)
        .filter(_ -> REGIONS.contains(region))
        .map(partition ->
            new StsHost(
                address.orElseGet(
                    () -> URI.create("https://sts." + region + "." + partition.dnsSuffix())),
                region,
                partition.id()));
  }

  /// The value of `Host`, which names no port that goes without saying.
  String authority() {
    int usual = uri.getScheme().equals("https") ? HTTPS_PORT : HTTP_PORT;
    return uri.getPort() < 0 || uri.getPort() == usual
        ? uri.getHost()
        : uri.getHost() + ":" + uri.getPort();
  }
}
