package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Role;
import dev.sallyport.policy.RoleReview;
import dev.sallyport.resources.ResourceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The roles of docs/access.md can be written as they stand there.
final class AccessDocumentTest {
  private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @Test
  void everyRoleOfThePageIsReadAndFollowed() throws IOException {
    var page = Files.readString(Path.of("../../docs/access.md"));
    var blocks = BLOCK.matcher(page).results().map(block -> block.group(1)).toList();
    assertThat(blocks).hasSize(5);
    for (var block : blocks) {
      var warnings = new ArrayList<String>();
      var resources = ResourceReader.read(block, "access.md", warnings::add);
      assertThat(warnings).isEmpty();
      assertThat(resources)
          .singleElement()
          .isInstanceOfSatisfying(
              Role.class, role -> assertThat(RoleReview.faults(role)).isEmpty());
    }
  }
}
