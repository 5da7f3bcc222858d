package dev.sallyport.auth.export;

import dev.sallyport.audit.store.Stored;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/// Lines on a stream of this process.
final class StdoutExport implements ExportSink {
  private final PrintStream out;

  StdoutExport(ExportTarget.Stdout target) {
    this.out = target.out();
  }

  @Override
  public String target() {
    return "stdout";
  }

  @Override
  public Pace pace() {
    return Pace.AT_ONCE;
  }

  @Override
  public void put(List<Stored> records) throws IOException {
    for (var record : records) {
      out.writeBytes(ExportSink.line(record));
    }
    if (out.checkError()) {
      throw new IOException("the standard output takes nothing more");
    }
  }

  @Override
  public void close() {
    out.flush();
  }
}
