package dev.sallyport.aws;

import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/// One of the places where AWS programs look for their credentials. Asked through
/// [KeptCredentials], by one thread at a time; blocks, and every call has an end.
interface CredentialSource extends AutoCloseable {
  /// Credentials of the service's own.
  ///
  /// @param end when they end, by this host's clock; never, if absent
  record Own(AwsCredentials credentials, Optional<Instant> end) {}

  /// How messages call it.
  String name();

  /// Asks it.
  ///
  /// @throws SourceFailure if it gives none
  Own fetch() throws SourceFailure;

  /// What was fetched is kept only while this stays equal: the state of files, for example.
  default Object stamp() {
    return "";
  }

  @Override
  default void close() {}
}
