package dev.sallyport.control;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a line of the watch stream means; see [WatchEvent].
public enum WatchType {
  /// A resource is new or changed.
  @JsonProperty("put")
  PUT,
  /// A resource is gone.
  @JsonProperty("delete")
  DELETE,
  /// A whole new picture begins.
  @JsonProperty("reset")
  RESET,
  /// The picture is whole.
  @JsonProperty("synced")
  SYNCED,
  /// Still here, nothing new.
  @JsonProperty("beat")
  BEAT
}
