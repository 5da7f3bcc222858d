package dev.sallyport.agent.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.signing.Destination;
import dev.sallyport.agent.signing.ServedDatabases;
import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.Metadata;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.pki.SystemTrust;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DestinationTlsTest {
  /// The destination of a database that was changed once more.
  private static Destination another() {
    var database =
        new Database(
            Metadata.named("orders"),
            "dynamodb",
            Optional.empty(),
            DatabaseAws.of("us-east-1", "123456789012"),
            DatabaseTls.SYSTEM);
    return new ServedDatabases(List.of(database), service -> Optional.empty())
        .destination("orders", AwsService.DYNAMODB);
  }

  @Test
  void databasesThatComeAndGoLeaveNoMoreThanABoundBehind() throws IOException {
    var contexts = new DestinationTls(SystemTrust.load(Map.of()), TlsProvider.JDK);
    var used = another();
    var first = contexts.of(used);
    for (int i = 0; i < DestinationTls.KEPT_MAX + 50; i++) {
      contexts.of(another());
      assertThat(contexts.of(used)).as("the one in use stays").isSameAs(first);
    }
    assertThat(contexts.kept()).isEqualTo(DestinationTls.KEPT_MAX);
  }
}
