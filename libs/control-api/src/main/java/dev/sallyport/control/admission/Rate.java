package dev.sallyport.control.admission;

import java.time.Duration;

/// How often one address may do something: `burst` times at once, and again once each `refill`.
///
/// @param burst the most that can be saved up
/// @param refill the time after which one more is allowed
public record Rate(int burst, Duration refill) {
  /// TLS handshakes and relayed connections at the port. An agent and a busy tsh open some hundred
  /// when a Proxy returns.
  public static final Rate HANDSHAKES = new Rate(4_000, Duration.ofMillis(2));

  /// Sign-ins: an office behind one address, but no dictionary.
  public static final Rate LOGIN = new Rate(20, Duration.ofSeconds(2));

  /// Joins: a fleet of agents behind one address.
  public static final Rate JOIN = new Rate(60, Duration.ofSeconds(1));

  /// Steps behind an invitation or reset link.
  public static final Rate INVITE = new Rate(30, Duration.ofSeconds(2));

  /// What the pages of the web app fetch and change for somebody who is signed in.
  public static final Rate BROWSER = new Rate(120, Duration.ofMillis(250));

  /// All other web requests.
  public static final Rate WEB = new Rate(300, Duration.ofMillis(50));

  /// Checks the bounds.
  public Rate {
    if (burst < 1 || !refill.isPositive()) {
      throw new IllegalArgumentException(
          "rate: " + burst + " per " + refill + " (expected: positive)");
    }
  }
}
