package dev.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RequestWriterTest {

  private static Stream<DynamoDbRequest> requests() {
    return Stream.of(
        // Every field has a value in this one.
        Samples.request(Outcome.ANSWERED, "DynamoDB_20120810.GetItem"),
        Samples.request(Outcome.REFUSED, "\r\n\0\u2028\"}{\ud83d\ude00\ud83d".repeat(500)),
        // No field that may be missing has one in this.
        SampleRequests.intent("u\"1", Instant.parse("2030-01-01T10:00:00.999Z")));
  }

  /// By hand and by the record's shape, the same bytes: a field that is added to the record and
  /// forgotten in the writer is found here.
  @ParameterizedTest
  @MethodSource("requests")
  void writesWhatTheGeneralWriterDoes(DynamoDbRequest request) {
    var general = new JsonBytes(64);
    general.begin('{');
    general.name("event");
    general.string(request.event());
    general.name("code");
    general.string(request.code());
    new EventWriter(general).writeRecord(request);
    general.end('}');
    assertThat(new String(AuditJson.toBytes(request), StandardCharsets.UTF_8))
        .isEqualTo(new String(general.toByteArray(), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void isReadAsItWas(DynamoDbRequest request) throws Exception {
    var text = new String(AuditJson.toBytes(request), StandardCharsets.UTF_8);
    assertThat(AuditJson.toBytes(AuditJson.read(text))).isEqualTo(AuditJson.toBytes(request));
  }
}
