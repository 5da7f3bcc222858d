package dev.sallyport.model;

import java.util.Objects;
import java.util.Optional;

/// How the endpoint of a database is verified: always its chain and its name.
///
/// @param caCertPem the only authorities to trust, in PEM; absent means the system's
public record DatabaseTls(Optional<String> caCertPem) {
  public static final DatabaseTls SYSTEM = new DatabaseTls(Optional.empty());

  public DatabaseTls {
    Objects.requireNonNull(caCertPem, "caCertPem");
  }
}
