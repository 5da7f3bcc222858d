package dev.sallyport.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Origin;
import dev.sallyport.model.ServiceUris;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AwsSideTest {
  private static Database database(Metadata metadata) {
    return new Database(
        metadata,
        "dynamodb",
        Optional.empty(),
        DatabaseAws.of("cn-north-1", "123456789012"),
        DatabaseTls.SYSTEM,
        Map.of(),
        ServiceUris.NONE);
  }

  @Test
  void databases_of_the_cluster_have_no_say_in_how_the_agent_speaks_to_sts() {
    var own = database(Metadata.named("own"));
    var theirs = database(Origin.DYNAMIC.mark(Metadata.named("aaa")));
    assertThat(AwsSide.ofTheFile(List.of(theirs, own))).containsExactly(own);
  }
}
