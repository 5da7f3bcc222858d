package dev.sallyport.resources.document;

/// One thing that is wrong in a document.
///
/// @param field its path, such as `db_service.databases[0].aws.region`; empty for the document
public record Fault(Position at, String field, String message) {
  /// `line 3, column 5: field: message`, as far as known.
  @Override
  public String toString() {
    var place = at.isKnown() ? "line %d, column %d: ".formatted(at.line(), at.column()) : "";
    return place + (field.isEmpty() ? "" : field + ": ") + message;
  }
}
