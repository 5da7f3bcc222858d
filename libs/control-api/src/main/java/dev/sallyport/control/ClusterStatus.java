package dev.sallyport.control;

import java.util.List;

/// What anybody of the cluster may know of it. Answers `GET /v1/status`.
///
/// @param caPins pins of the host authorities, `sha256:…`
public record ClusterStatus(String clusterName, String serverVersion, List<String> caPins) {
  /// Copies the lists.
  public ClusterStatus {
    caPins = List.copyOf(caPins);
  }
}
