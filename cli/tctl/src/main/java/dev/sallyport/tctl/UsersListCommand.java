package dev.sallyport.tctl;

import dev.sallyport.console.TextTable;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Resource;
import dev.sallyport.model.User;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tctl users ls`.
@Command(name = "ls", description = "Lists users and their roles.")
final class UsersListCommand implements Callable<Integer> {
  private final Tool tool;

  @Option(names = "--format", defaultValue = "text", description = "text, json or yaml")
  String format = "text";

  UsersListCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    OutputFormat chosen = OutputFormat.parse(format);
    List<Resource> users = tool.withApi(api -> api.list(Kind.USER, false));
    switch (chosen) {
      case TEXT -> printText(users);
      case JSON -> tool.out().println(OutputFormat.json(users));
      case YAML -> tool.out().print(OutputFormat.yaml(users));
    }
    return 0;
  }

  private void printText(List<Resource> users) {
    if (users.isEmpty()) {
      tool.out().println("No users found");
      return;
    }
    TextTable table = new TextTable("User", "Roles");
    users.stream()
        .map(User.class::cast)
        .sorted(Comparator.comparing(User::name))
        .forEach(user -> table.row(user.name(), String.join(",", user.roles())));
    tool.out().print(table.text());
  }
}
