package dev.sallyport.tsh.command;

import dev.sallyport.console.Document;
import dev.sallyport.console.TextTable;
import dev.sallyport.control.MfaDevice;
import dev.sallyport.tsh.Tsh;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tsh mfa ls`: the registered devices.
@Command(name = "ls", description = "List your second factors.")
public final class MfaLsCommand implements Runnable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Tsh tsh;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "text|json|yaml",
      description = "How to print it.")
  private String format = "text";

  @Option(
      names = {"-v", "--verbose"},
      description = "Show ids too, by which locks name devices.")
  private boolean verbose;

  /// A part of tsh.
  public MfaLsCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    var chosen = Format.parse(format);
    var out = tsh.console().out();
    try (var session = MfaSession.open(tsh)) {
      var devices = session.factors().devices();
      switch (chosen) {
        case TEXT -> {
          var table =
              verbose
                  ? new TextTable("ID", "Name", "Type", "Added at", "Last used")
                  : new TextTable("Name", "Type", "Added at", "Last used");
          for (var device : devices) {
            var used = device.lastUsed().map(TIME::format).orElse("never");
            var added = TIME.format(device.added());
            if (verbose) {
              table.row(device.id(), device.name(), type(device), added, used);
            } else {
              table.row(device.name(), type(device), added, used);
            }
          }
          out.print(table.text());
        }
        case JSON -> out.print(Document.json(devices.stream().map(MfaLsCommand::tree).toList()));
        case YAML -> out.print(Document.yaml(devices.stream().map(MfaLsCommand::tree).toList()));
      }
    }
  }

  static String type(MfaDevice device) {
    return switch (device.kind()) {
      case "totp" -> "TOTP";
      case "passkey" -> "WebAuthn (passwordless)";
      default -> "WebAuthn";
    };
  }

  private static Map<String, Object> tree(MfaDevice device) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("id", device.id());
    tree.put("name", device.name());
    tree.put("type", device.kind());
    tree.put("added_at", device.added().toString());
    device.lastUsed().map(Instant::toString).ifPresent(used -> tree.put("last_used", used));
    return tree;
  }
}
