package dev.sallyport.resources;

import dev.sallyport.resources.document.Fault;
import java.util.List;
import java.util.stream.Collectors;

/// A document can't be used. The message names the source and tells every fault that was found, a
/// line each: its line and column, its field, what is wrong and what to do.
public final class InvalidDocument extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient List<Fault> faults;

  public InvalidDocument(String source, List<Fault> faults) {
    super(faults.stream().map(fault -> source + ": " + fault).collect(Collectors.joining("\n")));
    this.faults = List.copyOf(faults);
  }

  /// What is wrong, in the order of the document.
  public List<Fault> faults() {
    return faults;
  }
}
