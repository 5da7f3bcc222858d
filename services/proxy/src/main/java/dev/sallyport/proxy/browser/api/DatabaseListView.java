package dev.sallyport.proxy.browser.api;

import java.util.List;

/// The databases that the user may see, by name.
public record DatabaseListView(List<DatabaseView> databases) {
  /// Copies the list.
  public DatabaseListView {
    databases = List.copyOf(databases);
  }
}
