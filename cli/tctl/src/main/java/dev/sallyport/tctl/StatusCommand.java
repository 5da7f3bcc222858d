package dev.sallyport.tctl;

import dev.sallyport.console.Document;
import dev.sallyport.console.TextTable;
import dev.sallyport.control.ClusterStatus;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.CaRotation;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Kind;
import dev.sallyport.resources.RotationForm;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tctl status`: the cluster's name, version and CA pins, and its authorities for who may read
/// them.
@Command(name = "status", description = "Shows the cluster's name, version and authorities.")
final class StatusCommand implements Callable<Integer> {
  private static final String NEVER_ROTATED = "standby (never rotated)";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM d yyyy HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final String PROTOCOL = "TLS";
  private static final String ALGORITHM = "ECDSA P-256";
  private static final String STORAGE = "software";

  private final Tool tool;

  @Option(names = "--format", defaultValue = "text", description = "text, json or yaml")
  String format = "text";

  StatusCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    OutputFormat chosen = OutputFormat.parse(format);
    return tool.withApi(api -> {
      ClusterStatus status = api.status();
      List<CertAuthority> authorities = authorities(api);
      switch (chosen) {
        case TEXT -> printText(status, authorities);
        case JSON -> tool.out().print(Document.json(tree(status, authorities)));
        case YAML -> tool.out().print(Document.yaml(tree(status, authorities)));
      }
      return 0;
    });
  }

  private static List<CertAuthority> authorities(AdminApi api) {
    try {
      return api.list(Kind.CERT_AUTHORITY, false).stream().map(CertAuthority.class::cast).toList();
    } catch (ControlException e) {
      if (e.kind() == ErrorKind.ACCESS_DENIED) {
        return List.of();
      }
      throw e;
    }
  }

  private void printText(ClusterStatus status, List<CertAuthority> authorities) {
    tool.out().println("Cluster  " + status.clusterName());
    tool.out().println("Version  " + status.serverVersion());
    status.caPins().forEach(pin -> tool.out().println("CA pin   " + pin));
    if (authorities.isEmpty()) {
      return;
    }
    tool.out().println();
    TextTable table =
        new TextTable("authority", "rotation", "protocol", "status", "algorithm", "storage");
    for (CertAuthority authority : authorities) {
      authority.active().forEach(_ -> table.row(row(authority, "active")));
      authority.additional().forEach(_ -> table.row(row(authority, "trusted")));
    }
    tool.out().print(table.text());
  }

  private static String[] row(CertAuthority authority, String status) {
    return new String[] {
      authority.type(), rotation(authority.rotation()), PROTOCOL, status, ALGORITHM, STORAGE
    };
  }

  private static String rotation(CaRotation rotation) {
    return rotation
        .current()
        .map(current ->
            "in progress (mode: %s, phase: %s)"
                .formatted(current.mode().wireName(), rotation.phase().wireName()))
        .or(() ->
            rotation
                .lastRotated()
                .map(time -> "standby (last rotated: %s)".formatted(TIME.format(time))))
        .orElse(NEVER_ROTATED);
  }

  private static Map<String, Object> tree(ClusterStatus status, List<CertAuthority> authorities) {
    Map<String, Object> cluster = new LinkedHashMap<>();
    cluster.put("name", status.clusterName());
    cluster.put("version", status.serverVersion());
    cluster.put("ca_pins", status.caPins());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("cluster", cluster);
    tree.put("authorities", authorities.stream().map(StatusCommand::tree).toList());
    return tree;
  }

  private static Map<String, Object> tree(CertAuthority authority) {
    List<Map<String, Object>> keys = new ArrayList<>();
    authority.active().forEach(_ -> keys.add(key("active")));
    authority.additional().forEach(_ -> keys.add(key("trusted")));
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("cluster_name", authority.clusterName());
    tree.put("type", authority.type());
    tree.put("rotation", RotationForm.write(authority.rotation()));
    tree.put("keys", keys);
    return tree;
  }

  private static Map<String, Object> key(String status) {
    Map<String, Object> key = new LinkedHashMap<>();
    key.put("protocol", PROTOCOL);
    key.put("status", status);
    key.put("algorithm", ALGORITHM);
    key.put("storage", STORAGE);
    return key;
  }
}
