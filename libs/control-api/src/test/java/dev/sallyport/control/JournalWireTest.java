package dev.sallyport.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JournalWireTest {

  private static final String EPOCH = "0123456789abcdef0123456789abcdef";
  private static final String HASH = "0".repeat(64);

  private static JournalBatch batch(List<String> records) {
    return new JournalBatch("host-1", EPOCH, 7, HASH, records, HASH, List.of());
  }

  @Test
  void comesBackAsItWas() {
    var batch = batch(List.of("{\"a\":\"é\\n\"}", "", "line\nend", "💥"));
    assertThat(JournalWire.read(JournalWire.bytes(batch))).isEqualTo(batch);
    assertThat(JournalWire.read(JournalWire.bytes(batch(List.of())))).isEqualTo(batch(List.of()));
  }

  @Test
  void aRecordIsSentAsItIs() {
    var body = new String(JournalWire.bytes(batch(List.of("{\"a\":1}"))), StandardCharsets.UTF_8);
    assertThat(body).endsWith("\"lengths\":[7]}\n{\"a\":1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[2,3]|[2,4]|record 1 is longer than what is there",
        "[2,3]|[2,2147483647]|record 1 is longer than what is there",
        "[2,3]|[5,-1]|record 1 has no length",
        "[2,3]|[2,2]|1 bytes follow the last record",
        "[2,3]|[]|5 bytes follow the last record",
        "[2,3]|[2,null]|record 1 has no length",
        "[2,3]|null|cannot be read",
        "\"first\":7|\"first\":0|no journal batch",
        "\"first\":7|\"first\":7,\"more\":1|cannot be read",
      })
  void whatIsNoBatchIsRefused(String of, String by, String why) {
    var good = new String(JournalWire.bytes(batch(List.of("ab", "cde"))), StandardCharsets.UTF_8);
    var bad = good.replace(of, by);
    assertThat(bad).isNotEqualTo(good);
    refused(bad.getBytes(StandardCharsets.UTF_8), why);
  }

  @Test
  void aBatchWithoutItsFirstLineIsRefused() {
    var good = new String(JournalWire.bytes(batch(List.of("ab"))), StandardCharsets.UTF_8);
    refused(good.replace("\n", "").getBytes(StandardCharsets.UTF_8), "no line");
  }

  @Test
  void aFirstLineWithoutEndIsNotReadToTheEnd() {
    refused(
        "x".repeat(JournalWire.LINE_MAX + 1).concat("\n").getBytes(StandardCharsets.UTF_8),
        "no line");
    refused(new byte[0], "no line");
  }

  @Test
  void moreRecordsThanMayBeAreRefused() {
    var line = new String(JournalWire.bytes(batch(List.of())), StandardCharsets.UTF_8);
    var many = line.replace("[]}", "[" + "0,".repeat(JournalBatch.RECORDS_MAX) + "0]}");
    refused(many.getBytes(StandardCharsets.UTF_8), "more than 1000 records");
  }

  /// Whatever arrives is a batch or a bad parameter.
  @Test
  void anyDamageIsReadOrRefused() {
    var random = new Random(11);
    var good = JournalWire.bytes(batch(List.of("{\"event\":\"x\"}", "second", "")));
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      var damaged = good.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(JournalWire.read(damaged).records()).isNotNull();
        read++;
      } catch (ControlException expected) {
        assertThat(expected.kind()).isEqualTo(ErrorKind.BAD_PARAMETER);
      }
    }
    assertThat(read).isBetween(1, 19_999);
  }

  private static void refused(byte[] body, String why) {
    assertThatThrownBy(() -> JournalWire.read(body))
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.BAD_PARAMETER))
        .hasMessageContaining(why);
  }
}
