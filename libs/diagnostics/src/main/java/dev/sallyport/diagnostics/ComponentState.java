package dev.sallyport.diagnostics;

import java.util.Locale;

/// How ready a component is; the later ones are worse.
public enum ComponentState {
  /// It works.
  OK(0, 200, "ok"),
  /// It works again, and has to for a while.
  RECOVERING(1, 400, "teleport is recovering from a degraded state, check logs for details"),
  /// It did work, and does not now.
  DEGRADED(2, 503, "teleport is in a degraded state, check logs for details"),
  /// It never worked yet.
  STARTING(3, 400, "teleport is starting and hasn't joined the cluster yet");

  private final int number;
  private final int httpStatus;
  private final String message;

  ComponentState(int number, int httpStatus, String message) {
    this.number = number;
    this.httpStatus = httpStatus;
    this.message = message;
  }

  /// As `process_state` tells it.
  int number() {
    return number;
  }

  /// What `/readyz` answers with when this is the worst state of all components.
  int httpStatus() {
    return httpStatus;
  }

  /// What it says then.
  String message() {
    return message;
  }

  /// The word for it.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
