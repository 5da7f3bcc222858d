package dev.sallyport.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// The sign-in that a certificate came of. Certificates for routes carry that of the one by which
/// they were asked for, so all of them can be told to end together.
///
/// @param id of the sign-in
/// @param userSince when the user was made, so that one of the same name who is made later inherits
///   nothing; absent for a user of whom that is not known
public record SignIn(String id, Optional<Instant> userSince) {
  public SignIn {
    if (id.isBlank()) {
      throw new IllegalArgumentException("a sign-in needs an id");
    }
    Objects.requireNonNull(userSince, "userSince");
  }
}
