package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.Document;
import dev.sallyport.tsh.Tsh;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tsh status`: who is signed in where, from the files of this machine alone.
@Command(name = "status", description = "Show the logins of this machine.")
public final class StatusCommand implements Runnable {
  private static final List<String> ENVIRONMENT =
      List.of("TELEPORT_PROXY", "TELEPORT_USER", "TELEPORT_AUTH", "TELEPORT_CLUSTER");

  private final Tsh tsh;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "text|json|yaml",
      description = "How to print it.")
  private String format = "text";

  /// A part of tsh.
  public StatusCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    var chosen = Format.parse(format);
    var store = tsh.profiles();
    var active = tsh.profile().flatMap(profile -> StatusReport.of(tsh, profile));
    var others = new ArrayList<StatusReport>();
    for (var profile : store.all()) {
      if (active.isEmpty() || !active.get().profile().equals(profile)) {
        StatusReport.of(tsh, profile).ifPresent(others::add);
      }
    }
    tsh.tellForeignProfiles();
    if (active.isEmpty() && others.isEmpty()) {
      throw new CommandFailure("Not logged in.");
    }
    switch (chosen) {
      case TEXT -> tsh.console().out().print(text(active, others));
      case JSON -> tsh.console().out().print(Document.json(tree(active, others)));
      case YAML -> tsh.console().out().print(Document.yaml(tree(active, others)));
    }
    if (active.isEmpty()) {
      throw new CommandFailure("Not logged in.");
    }
    if (active.get().expired(tsh.console().clock().instant())) {
      throw new CommandFailure("Active profile expired.");
    }
  }

  private String text(Optional<StatusReport> active, List<StatusReport> others) {
    var now = tsh.console().clock().instant();
    var out = new StringBuilder();
    active.ifPresent(report -> out.append(report.text(true, now)).append('\n'));
    others.forEach(report -> out.append(report.text(false, now)).append('\n'));
    return out.toString();
  }

  private Map<String, Object> tree(Optional<StatusReport> active, List<StatusReport> others) {
    var tree = new LinkedHashMap<String, Object>();
    active.ifPresent(report -> tree.put("active", report.tree()));
    tree.put("profiles", others.stream().map(StatusReport::tree).toList());
    var environment = new LinkedHashMap<String, Object>();
    for (var name : ENVIRONMENT) {
      tsh.console().variable(name).ifPresent(value -> environment.put(name, value));
    }
    if (!environment.isEmpty()) {
      tree.put("environment", environment);
    }
    return tree;
  }
}
