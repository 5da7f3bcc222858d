package dev.sallyport.tctl;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tctl audit export --out DIR`.
@Command(
    name = "export",
    description = "Writes every audit record with its place in its chain into a new folder.")
final class AuditExportCommand implements Callable<Integer> {
  private final Tool tool;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "a new folder")
  @Nullable Path out;

  AuditExportCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    Path folder = out;
    if (folder == null) {
      throw new CommandFailed("--out is missing");
    }
    long records =
        tool.withApi(api ->
            AuditExport.write(api.audit(), api.trust(), AuditVerifyCommand.replaced(api), folder));
    tool.out()
        .println(
            "%d records written to %s; check them with: tctl audit verify --offline %s --ca-pin <pin of tctl status>"
                .formatted(records, folder, folder));
    return 0;
  }
}
