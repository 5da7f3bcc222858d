package dev.sallyport.resources;

import dev.sallyport.model.Resource;
import java.util.List;
import java.util.stream.Collectors;

/// Resources as YAML, in the form in which people write them.
public final class ResourceYaml {
  private ResourceYaml() {}

  /// One document for each resource, with `---` between them. Like JSON, the form is whole: secrets
  /// that a resource has are printed.
  public static String print(List<? extends Resource> resources) {
    return resources.stream()
        .map(resource -> YamlPrinter.print(ResourceTree.of(resource)))
        .collect(Collectors.joining("---\n"));
  }
}
