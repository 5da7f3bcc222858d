package dev.sallyport.tctl;

import dev.sallyport.console.TextTable;
import dev.sallyport.control.AccessExplained;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tctl access explain --user=alice --db=example --db-user=Reader`: what would come of it, and
/// why, before anybody tries. Exit code 0 also when the answer is no.
@Command(
    name = "explain",
    description = "Says whether a user may work in a database as a database user, and why.")
final class AccessExplainCommand implements Callable<Integer> {
  private final Tool tool;

  @Option(names = "--user", required = true, description = "name of a user of the cluster")
  String user = "";

  @Option(names = "--db", required = true, description = "name of a database")
  String database = "";

  @Option(names = "--db-user", required = true, description = "an IAM role, as tsh would be told")
  String dbUser = "";

  @Option(names = "--mfa", description = "suppose that the session has a second factor")
  boolean mfa;

  @Option(names = "--format", defaultValue = "text", description = "text or json")
  String format = "text";

  AccessExplainCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    if (!format.equals("text") && !format.equals("json")) {
      throw new CommandFailed("unsupported format \"" + format + "\" (expected: text or json)");
    }
    AccessExplained answer = tool.withApi(api -> api.explainAccess(user, database, dbUser, mfa));
    if (format.equals("json")) {
      tool.out().println(OutputFormat.json(answer));
    } else {
      print(answer, tool.out());
    }
    return 0;
  }

  private static void print(AccessExplained answer, PrintStream out) {
    out.printf("User:          %s%n", answer.user());
    out.printf("Database:      %s%n", answer.database());
    out.printf(
        "Database user: %s%s%n",
        answer.dbUser(), answer.roleArn().map(arn -> " (%s)".formatted(arn)).orElse(""));
    out.printf(
        "Access:        %s%n",
        answer.allowed() ? "allowed by role " + answer.role().orElse("") : "denied");
    if (!answer.allowed()) {
      out.printf("The user sees: %s%n", answer.message());
      answer.reasons().stream()
          .limit(1)
          .forEach(reason -> out.printf("Reason:        %s%n", reason));
    }
    out.println();
    TextTable table = new TextTable("Role", "Labels", "Database user", "Denies", "MFA", "Missing");
    for (AccessExplained.RoleFinding role : answer.roles()) {
      table.row(
          role.role(),
          role.labels() ? "yes" : "no",
          role.dbUser() ? "yes" : "no",
          role.denies().isEmpty() ? "nothing" : String.join(", ", role.denies()),
          role.requiresMfa() ? "required" : "no",
          role.detail());
    }
    out.print(table.text());
    if (!answer.changes().isEmpty()) {
      out.println();
      out.println("To allow it:");
      answer.changes().forEach(change -> out.println("- " + change));
    }
  }
}
