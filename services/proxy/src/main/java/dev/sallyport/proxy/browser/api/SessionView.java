package dev.sallyport.proxy.browser.api;

import java.time.Instant;
import java.util.List;

/// Who is signed in.
///
/// @param ends when the session ends unless it is used before
/// @param endsAtLatest when it ends however much it is used
public record SessionView(String user, List<String> roles, Instant ends, Instant endsAtLatest) {
  /// Copies the list.
  public SessionView {
    roles = List.copyOf(roles);
  }
}
