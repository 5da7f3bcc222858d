package dev.sallyport.model;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// Whether an agent reaches the endpoints of a database that it serves.
///
/// @param address the endpoints that are looked at, `host:port`, with commas between them
/// @param since when the status became what it is
/// @param error what the look met that made the status `unhealthy`
public record TargetHealth(
    String address, Status status, Reason reason, Instant since, Optional<String> error) {
  private static final int MAX_TEXT = 1024;

  /// In the order in which agents are preferred.
  public enum Status {
    HEALTHY,
    UNKNOWN,
    UNHEALTHY;

    /// As people and scripts see it.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Status> parse(String word) {
      return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
    }
  }

  /// Why the status changed last.
  public enum Reason {
    /// By the first look.
    INITIALIZED,
    /// By as many looks in a row as it takes.
    THRESHOLD_REACHED;

    /// As people and scripts see it.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Reason> parse(String word) {
      return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
    }
  }

  public TargetHealth {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(since, "since");
    if (address.length() > MAX_TEXT || error.orElse("").length() > MAX_TEXT) {
      throw new IllegalArgumentException(
          "target_health: an address or error of more than %d characters".formatted(MAX_TEXT));
    }
  }

  /// What it means, in words.
  public String message() {
    return switch (status) {
      case HEALTHY -> "the agent reaches the database";
      case UNKNOWN -> "the agent has not looked yet";
      case UNHEALTHY -> "the agent does not reach the database";
    };
  }
}
