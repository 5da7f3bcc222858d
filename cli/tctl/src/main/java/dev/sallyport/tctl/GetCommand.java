package dev.sallyport.tctl;

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
      description = "kind or kind/name, several with commas")
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
    List<Resource> found = tool.withApi(api -> fetch(api, wanted));
    if (chosen != OutputFormat.YAML && found.stream().map(Resource::kind).distinct().count() > 1) {
      throw new CommandFailed("mixed resource types only support YAML formatting");
    }
    switch (chosen) {
      case YAML -> tool.out().print(OutputFormat.yaml(found));
      case JSON -> tool.out().println(OutputFormat.json(found));
      case TEXT -> printNames(found);
    }
    return 0;
  }

  private List<Resource> fetch(AdminApi api, List<ResourceReference> wanted) {
    List<Resource> found = new ArrayList<>();
    for (ResourceReference reference : wanted) {
      reference
          .name()
          .ifPresentOrElse(
              name -> found.add(api.get(reference.kind(), name, withSecrets)),
              () -> found.addAll(api.list(reference.kind(), withSecrets)));
    }
    return found;
  }

  private void printNames(List<Resource> found) {
    TextTable table = new TextTable("Kind", "Name");
    found.forEach(resource -> table.add(resource.kind().wireName(), resource.resourceName()));
    table.print(tool.out());
  }
}
