package dev.sallyport.tctl;

import java.io.PrintStream;
import java.util.function.Function;
import java.util.function.Supplier;

/// What commands share: where they print, and a connection that is made when first needed and
/// closed after use.
final class Tool {
  private final Invocation invocation;
  private final Supplier<AdminApi> connection;

  Tool(Invocation invocation, Supplier<AdminApi> connection) {
    this.invocation = invocation;
    this.connection = connection;
  }

  Invocation invocation() {
    return invocation;
  }

  PrintStream out() {
    return invocation.out();
  }

  /// Runs `work` with a connection; the exit code is 0 unless it throws.
  <T> T withApi(Function<AdminApi, T> work) {
    try (AdminApi api = connection.get()) {
      return work.apply(api);
    }
  }
}
