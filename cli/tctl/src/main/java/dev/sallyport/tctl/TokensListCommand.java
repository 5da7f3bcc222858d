package dev.sallyport.tctl;

import dev.sallyport.console.TextTable;
import dev.sallyport.model.Kind;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tctl tokens ls`: tokens are secrets, so their names are masked unless asked for.
@Command(name = "ls", description = "Lists join tokens.")
final class TokensListCommand implements Callable<Integer> {
  private static final DateTimeFormatter EXPIRY =
      DateTimeFormatter.ofPattern("dd MMM yy HH:mm 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final Tool tool;

  @Option(names = "--format", defaultValue = "table", description = "table, text, json or yaml")
  String format = "table";

  @Option(names = "--with-secrets", description = "show whole tokens")
  boolean withSecrets;

  @Option(names = "--labels", description = "only those with these labels: k=v,k2=v2")
  String labels = "";

  TokensListCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    boolean asTable = format.equals("table");
    OutputFormat chosen = asTable ? OutputFormat.TEXT : OutputFormat.parse(format);
    var wanted = LabelOption.parse("--labels", labels).entrySet();
    List<Resource> tokens =
        tool.withApi(api -> api.list(Kind.TOKEN, withSecrets)).stream()
            .filter(token -> token.metadata().labels().entrySet().containsAll(wanted))
            .toList();
    switch (chosen) {
      case TEXT -> printText(tokens, asTable);
      case JSON -> tool.out().println(OutputFormat.json(tokens));
      case YAML -> tool.out().print(OutputFormat.yaml(tokens));
    }
    return 0;
  }

  private void printText(List<Resource> tokens, boolean asTable) {
    if (!asTable) {
      tokens.forEach(token -> tool.out().println(token.metadata().name()));
    } else if (tokens.isEmpty()) {
      tool.out().println("No active tokens found.");
    } else {
      Instant now = tool.invocation().clock().instant();
      TextTable table = new TextTable("Token", "Type", "Labels", "Expiry Time (UTC)");
      tokens.forEach(token -> table.row(row((ProvisionToken) token, now)));
      tool.out().print(table.text());
    }
  }

  static String[] row(ProvisionToken token, Instant now) {
    return new String[] {
      token.metadata().name(),
      ResourceTables.types(token),
      ResourceTables.labels(token.metadata().labels()),
      token.metadata().expires().map(expires -> expiry(expires, now)).orElse("never")
    };
  }

  private static String expiry(Instant expires, Instant now) {
    Duration left = Duration.ofMinutes(Math.max(0, Duration.between(now, expires).toMinutes()));
    return EXPIRY.format(expires) + " (" + TtlOption.brief(left) + ")";
  }
}
