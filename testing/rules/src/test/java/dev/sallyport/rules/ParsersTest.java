package dev.sallyport.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is shipped builds no object that a text names.
@Tag("S43")
final class ParsersTest {
  private static final String YAML =
      "libs/resources/src/main/java/dev/sallyport/resources/document/";
  private static final Pattern BUILDERS =
      Pattern.compile(
          "ObjectInputStream|XMLDecoder|org\\.yaml\\.snakeyaml|activateDefaultTyping|JsonTypeInfo"
              + "|snakeyaml\\.engine\\.v2\\.(api\\.Load;|constructor)|ScriptEngine");

  @Test
  void thereIsOneReaderOfYamlAndNoneOfObjects() throws IOException {
    var readers = new TreeSet<String>();
    var builders = new TreeSet<String>();
    for (var file : SourceTree.all()) {
      if (file.inMain() && file.text().contains("import org.snakeyaml")) {
        readers.add(file.path());
      }
      if (file.inMain() && BUILDERS.matcher(file.text()).find()) {
        builders.add(file.path());
      }
    }
    assertThat(readers).isNotEmpty().allMatch(path -> path.contains(YAML));
    assertThat(builders).isEmpty();
  }
}
