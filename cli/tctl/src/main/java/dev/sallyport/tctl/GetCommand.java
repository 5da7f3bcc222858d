package dev.sallyport.tctl;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl get role/access,users`: prints resources in the form in which `tctl create` takes them.
@Command(name = "get", description = "Prints resources, such as role/access or users.")
final class GetCommand implements Callable<Integer> {
  private final Tool tool;

  @Parameters(
      paramLabel = "RESOURCES",
      split = ",",
      description = "kind, kind/name, connectors or all; several with commas")
  List<String> references = List.of();

  @Option(names = "--format", defaultValue = "yaml", description = "yaml, json or text")
  String format = "yaml";

  @Option(names = "--with-secrets", description = "with private keys and tokens")
  boolean withSecrets;

  GetCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    OutputFormat chosen = OutputFormat.parse(format);
    List<ResourceReference> wanted = references.stream().map(ResourceReference::parse).toList();
    boolean secrets = withSecrets || wanted.stream().anyMatch(ResourceReference::isAll);
    List<Resource> found = tool.withApi(api -> fetch(api, wanted, secrets));
    if (chosen != OutputFormat.YAML && found.stream().map(Resource::kind).distinct().count() > 1) {
      throw new CommandFailed("mixed resource types only support YAML formatting");
    }
    switch (chosen) {
      case YAML -> tool.out().print(OutputFormat.yaml(found));
      case JSON -> tool.out().println(OutputFormat.json(found));
      case TEXT -> ResourceTables.print(found, wanted.getFirst(), tool);
    }
    return 0;
  }

  private static List<Resource> fetch(
      AdminApi api, List<ResourceReference> wanted, boolean secrets) {
    List<Resource> found = new ArrayList<>();
    for (ResourceReference reference : wanted) {
      if (reference.name().isPresent()) {
        found.addAll(named(api, reference.kinds(), reference.name().get(), secrets));
      } else {
        reference.kinds().forEach(kind -> found.addAll(api.list(kind, secrets)));
      }
    }
    return found;
  }

  /// Several Database Services may serve a database: `db_server/<database>` is all of them.
  private static List<Resource> named(
      AdminApi api, List<Kind> kinds, String name, boolean secrets) {
    if (!kinds.equals(List.of(Kind.DB_SERVER)) || name.contains("/")) {
      return List.of(one(api, kinds, name, secrets));
    }
    List<Resource> serving =
        api.list(Kind.DB_SERVER, secrets).stream()
            .filter(server -> server.metadata().name().equals(name))
            .toList();
    return serving.isEmpty() ? List.of(one(api, kinds, name, secrets)) : serving;
  }

  /// The first of some kinds that has the name.
  private static Resource one(AdminApi api, List<Kind> kinds, String name, boolean secrets) {
    for (Kind kind : kinds.subList(0, kinds.size() - 1)) {
      try {
        return api.get(kind, name, secrets);
      } catch (ControlException e) {
        if (e.kind() != ErrorKind.NOT_FOUND) {
          throw e;
        }
      }
    }
    return api.get(kinds.getLast(), name, secrets);
  }
}
