package dev.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WrittenPartsTest {

  private final WrittenParts parts = new WrittenParts();

  private static DatabaseMetadata database(String name, Map<String, String> labels) {
    return new DatabaseMetadata(
        name,
        "dynamodb",
        "https://dynamodb.eu-west-1.amazonaws.com",
        Optional.empty(),
        "role/reader",
        labels,
        "eu-west-1",
        "dynamodb",
        "config-file");
  }

  private String withParts(Record part) {
    var out = new JsonBytes(64);
    out.begin('{');
    out.name("before");
    out.number(1);
    if (!parts.write(part, out)) {
      return "";
    }
    return ended(out);
  }

  private static String without(Record part) {
    var out = new JsonBytes(64);
    out.begin('{');
    out.name("before");
    out.number(1);
    new EventWriter(out).writeRecord(part);
    return ended(out);
  }

  private static String ended(JsonBytes out) {
    out.name("after");
    out.number(2);
    out.end('}');
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  @Test
  void aPartIsTheSameTheFirstTimeAndLater() {
    var part = database("a \"b\" \\ \n \u0001 é 💥", Map.of("k\"", "v\u2028"));
    for (int i = 0; i < 3; i++) {
      assertThat(withParts(part)).isEqualTo(without(part));
    }
  }

  /// Many more than are kept, in any order.
  @Test
  void noPartIsTakenForAnother() {
    var random = new Random(5);
    List<Record> all = new ArrayList<>();
    for (int i = 0; i < 4 * WrittenParts.PARTS_MAX; i++) {
      all.add(i % 2 == 0 ? database("db" + i, Map.of()) : UserMetadata.named("user" + i));
    }
    for (int i = 0; i < 20_000; i++) {
      var part = all.get(random.nextInt(all.size()));
      assertThat(withParts(part)).isEqualTo(without(part));
    }
  }

  @Test
  void aLongPartIsNotKept() {
    var part = new UserMetadata("u", 1, List.of("r".repeat(1000), "s".repeat(1000)));
    assertThat(withParts(part)).isNotEmpty();
    var long2 =
        new UserMetadata(
            "u",
            1,
            List.of("a".repeat(1024), "b".repeat(1024), "c".repeat(1024), "d".repeat(1024)));
    assertThat(withParts(long2)).isEmpty();
  }

  @Test
  void anEventHasTheSameBytesWithPartsKeptAndNew() throws Exception {
    DynamoDbRequest event = SampleRequests.intent("u1", Instant.parse("2030-01-01T10:00:00Z"));
    byte[] first = AuditJson.toBytes(event);
    assertThat(AuditJson.toBytes(event)).isEqualTo(first);
    var copy = (DynamoDbRequest) AuditJson.read(new String(first, StandardCharsets.UTF_8));
    assertThat(copy.database()).isNotSameAs(event.database());
    assertThat(AuditJson.toBytes(copy)).isEqualTo(first);
  }
}
