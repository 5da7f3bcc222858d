package dev.sallyport.proxy.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.proxy.browser.api.ClusterView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The committed document is what the code says. Run with `-Dopenapi.write=true` to write it anew;
/// then make the web app's types of it: `node web/scripts/types.mjs`.
class OpenApiTest {
  @Test
  void theCommittedDocumentIsThatOfTheRoutesAndRecords() throws IOException {
    var api =
        new BrowserApi(
            () -> new ClusterView("c", "p", "v", Optional.empty()),
            new FakeBrowserDesk(),
            InstantSource.system());
    var written = OpenApi.document(api.operations());
    var committed = committed();
    if (Boolean.getBoolean("openapi.write")) {
      Files.writeString(committed, written);
    }
    assertThat(Files.readString(committed))
        .as("web/openapi.json; see this class's comment for how to write it anew")
        .isEqualTo(written);
  }

  private static Path committed() {
    for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      var file = folder.resolve("web/openapi.json");
      if (Files.exists(file)) {
        return file;
      }
    }
    throw new IllegalStateException("web/openapi.json is not above this folder");
  }
}
