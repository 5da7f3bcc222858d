package dev.sallyport.audit.store;

/// How often something stands in requests of a window.
public record Tally(String name, long requests, long denied, long failed) {

  /// What is counted.
  public enum By {
    /// Users.
    USER,
    /// Tables; a request on several counts for each.
    TABLE,
    /// Operations.
    OP
  }
}
