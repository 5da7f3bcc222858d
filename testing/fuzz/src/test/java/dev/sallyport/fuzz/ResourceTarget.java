package dev.sallyport.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Resource;
import dev.sallyport.resources.InvalidDocument;
import dev.sallyport.resources.ResourceReader;
import dev.sallyport.resources.ResourceYaml;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Documents of resources are refused with the source's name, or printed and read again alike. */
final class ResourceTarget implements FuzzTarget {
  private static final String SOURCE = "resources.yaml";

  @Override
  public boolean takes(byte[] input) {
    List<Resource> resources;
    try {
      resources = ResourceReader.read(new String(input, StandardCharsets.UTF_8), SOURCE);
    } catch (InvalidDocument expected) {
      assertThat(expected.getMessage()).startsWith(SOURCE);
      return false;
    }
    String printed = ResourceYaml.print(resources);
    assertThat(ResourceYaml.print(ResourceReader.read(printed, "printed"))).isEqualTo(printed);
    return !resources.isEmpty();
  }
}
