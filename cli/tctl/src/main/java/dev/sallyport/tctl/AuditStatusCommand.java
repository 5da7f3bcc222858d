package dev.sallyport.tctl;

import dev.sallyport.console.TextTable;
import dev.sallyport.control.AuditState;
import dev.sallyport.model.Durations;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tctl audit status`.
@Command(name = "status", description = "Shows how large the audit log is and where it is copied.")
final class AuditStatusCommand implements Callable<Integer> {
  private final Tool tool;

  @Option(names = "--format", defaultValue = "text", description = "text or json")
  String format = "text";

  AuditStatusCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    boolean json = AuditSearchCommand.json(format);
    AuditState state = tool.withApi(api -> api.audit().state());
    if (json) {
      tool.out().println(OutputFormat.json((Object) state));
      return 0;
    }
    tool.out().println("Records    %d (all that ever came)".formatted(state.position()));
    tool.out().println("Size       %d MB".formatted(state.bytes() >> 20));
    tool.out().println("Chains     %d".formatted(state.chains()));
    tool.out()
        .println(
            "Retention  %d days, %d MB"
                .formatted(state.keptFor().toDays(), state.keptBytes() >> 20));
    if (state.setAside() > 0) {
      tool.out()
          .println(
              "Set aside  %d (no events which their sender may report; see tctl audit verify)"
                  .formatted(state.setAside()));
    }
    if (!state.exports().isEmpty()) {
      tool.out().println();
      TextTable table = new TextTable("Export", "Target", "Lag", "Behind", "Lost", "Error");
      state
          .exports()
          .forEach(export ->
              table.row(
                  export.name(),
                  export.target(),
                  Long.toString(export.lag()),
                  Durations.format(export.behind().truncatedTo(ChronoUnit.SECONDS)),
                  Long.toString(export.lost()),
                  export.error().orElse("")));
      tool.out().print(table.text());
    }
    return 0;
  }
}
