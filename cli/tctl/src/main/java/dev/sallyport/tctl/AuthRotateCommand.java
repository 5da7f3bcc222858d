package dev.sallyport.tctl;

import dev.sallyport.control.RotateRequest;
import dev.sallyport.model.RotationMode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tctl auth rotate`: changes the key of an authority, by itself within a grace period, or step by
/// step with `--manual`.
@Command(name = "rotate", description = "Changes the key of one of the cluster's authorities.")
final class AuthRotateCommand implements Callable<Integer> {
  private static final String USUAL_TYPE = "host";

  private final Tool tool;

  @Option(names = "--type", paramLabel = "TYPE", description = "host or user (default: host)")
  @Nullable String type;

  @Option(names = "--manual", description = "take each step by hand, with --phase")
  boolean manual;

  @Option(
      names = "--phase",
      paramLabel = "PHASE",
      description = "init, update_clients, update_servers, standby or rollback; with --manual")
  @Nullable String phase;

  @Option(
      names = "--grace-period",
      paramLabel = "TIME",
      description = "time until the old key is worth nothing (default: 48h); without --manual")
  @Nullable String gracePeriod;

  AuthRotateCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    if (type == null && !manual && phase == null && gracePeriod == null) {
      throw new CommandFailed(
          "name the authority with --type=host or --type=user: without --manual its rotation begins"
              + " at once and goes on by itself");
    }
    var mode = manual ? RotationMode.MANUAL : RotationMode.AUTO;
    var wanted = Optional.ofNullable(phase).filter(text -> !text.isEmpty());
    var request =
        new RotateRequest(
            type == null ? USUAL_TYPE : type,
            mode.wireName(),
            wanted,
            TtlOption.parse("--grace-period", gracePeriod));
    tool.withApi(api -> api.rotate(request));
    tool.out()
        .println(
            wanted
                    .map("Updated rotation phase to \"%s\"."::formatted)
                    .orElse("Initiated certificate authority rotation.")
                + " To check status use 'tctl status'");
    return 0;
  }
}
