package dev.sallyport.resources.config;

import java.util.List;
import java.util.Objects;

/// `teleport.log:`.
///
/// @param output `stderr`, `stdout` or a path; `syslog`, which the start refuses
/// @param severity `TRACE`, `DEBUG`, `INFO`, `WARN` or `ERROR`
/// @param format `text` or `json`
/// @param extraFields what a line shows beside its message
public record LogSection(String output, String severity, String format, List<String> extraFields) {
  static final List<String> ALL_FIELDS = List.of("level", "timestamp", "component", "caller");

  public LogSection {
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(format, "format");
    extraFields = List.copyOf(extraFields);
  }
}
