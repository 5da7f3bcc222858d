package dev.sallyport.control;

import java.time.Instant;
import java.util.List;

/// The certificate of a web session: good for the routes of the web UI alone, for at most five
/// minutes.
///
/// @param certificate PEM
/// @param roles those of the sign-in that the user still has
/// @param validUntil when the certificate ends
/// @param sessionEnds when the session ends, unless it is used before
/// @param sessionEndsAtLatest when it ends however much it is used
public record WebCertificate(
    String certificate,
    String user,
    List<String> roles,
    Instant validUntil,
    Instant sessionEnds,
    Instant sessionEndsAtLatest) {
  /// Copies the list.
  public WebCertificate {
    roles = List.copyOf(roles);
  }
}
