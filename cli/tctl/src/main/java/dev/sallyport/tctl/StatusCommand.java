package dev.sallyport.tctl;

import dev.sallyport.control.ClusterStatus;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tctl status`: the cluster's name, version and CA pins.
@Command(name = "status", description = "Shows the cluster's name, version and CA pins.")
final class StatusCommand implements Callable<Integer> {
  private final Tool tool;

  @Option(names = "--format", defaultValue = "text", description = "text, json or yaml")
  String format = "text";

  StatusCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    OutputFormat chosen = OutputFormat.parse(format);
    ClusterStatus status = tool.withApi(AdminApi::status);
    switch (chosen) {
      case TEXT -> printText(status);
      case JSON, YAML ->
          tool.out()
              .println(
                  OutputFormat.json(
                      Map.of(
                          "cluster",
                          Map.of(
                              "name", status.clusterName(),
                              "version", status.serverVersion(),
                              "ca_pins", status.caPins()))));
    }
    return 0;
  }

  private void printText(ClusterStatus status) {
    tool.out().println("Cluster  " + status.clusterName());
    tool.out().println("Version  " + status.serverVersion());
    status.caPins().forEach(pin -> tool.out().println("CA pin   " + pin));
  }
}
