package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the guide shows is what the end-to-end test runs. */
final class GuideDocumentTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"cluster.yaml", "agent.yaml", "aws-dynamodb-access.yaml", "trust-policy.json"})
  void theGuideShowsTheExamplesAsTheyAre(String example) throws IOException {
    String guide = Files.readString(GuideFiles.repository().resolve("docs/guide.md"));
    String kind = example.endsWith(".json") ? "json" : "yaml";
    String text = GuideFiles.filled(example, java.util.Map.of());
    assertThat(guide).contains("```" + kind + "\n" + text + "```\n");
  }

  /// Version 1 of the AWS CLI and boto3 read one variable, the SDKs the other.
  @Test
  void theGuideSetsTheRegionForEveryClient() throws IOException {
    assertThat(Files.readString(GuideFiles.repository().resolve("docs/guide.md")))
        .contains("export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1");
  }
}
