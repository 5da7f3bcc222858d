package dev.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class JsonBytesTest {

  private static final JsonMapper JACKSON = new JsonMapper();

  private static String written(Consumer<JsonBytes> by) {
    var out = new JsonBytes(1);
    by.accept(out);
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  private static JsonNode read(Consumer<JsonBytes> by) {
    return JACKSON.readTree(written(by));
  }

  @Test
  void commasStandBetweenAndNowhereElse() {
    assertThat(
            written(out -> {
              out.begin('{');
              out.name(new JsonBytes.Name("a\""));
              out.number(1);
              out.name("b");
              out.begin('[');
              out.end(']');
              out.raw("\"c\":true".getBytes(StandardCharsets.UTF_8));
              out.name("d");
              out.begin('[');
              out.bool(false);
              out.begin('{');
              out.end('}');
              out.string("");
              out.end(']');
              out.end('}');
              out.lineEnd();
            }))
        .isEqualTo("{\"a\\\"\":1,\"b\":[],\"c\":true,\"d\":[false,{},\"\"]}\n");
  }

  /// Every character alone, and in its place in a text.
  @Test
  void anyCharacterIsReadAsItWas() {
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      String text = "a" + (char) c + "z";
      assertThat(read(out -> out.string(text)).stringValue()).isEqualTo(text);
    }
  }

  @Test
  void anyTextIsReadAsItWasAndHasNoLineEnd() {
    var random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(40); n > 0; n--) {
        int kind = random.nextInt(4);
        text.append(
            switch (kind) {
              case 0 -> String.valueOf((char) (' ' + random.nextInt(95)));
              case 1 -> String.valueOf((char) random.nextInt(0x20));
              case 2 -> String.valueOf((char) random.nextInt(0x10000));
              default -> Character.toString(0x10000 + random.nextInt(0x100000));
            });
      }
      String whole = text.toString();
      assertThat(read(out -> out.string(whole)).stringValue()).isEqualTo(whole);
      assertThat(written(out -> out.string(whole))).doesNotContain("\n", "\r");
    }
  }

  /// What readers of UTF-8 would replace is escaped, so that the bytes are the same after reading.
  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "\ude00", "a\ud83d", "\ud83d\ud83d\ude00", "\ude00\ud83d!"})
  void halfAPairIsEscaped(String text) {
    var out = new JsonBytes(1);
    out.string(text);
    var bytes = out.toByteArray();
    assertThat(new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8))
        .isEqualTo(bytes);
    assertThat(JACKSON.readTree(bytes).stringValue()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, 9, 10, 99, 100, 1_000_000_007, -1, -10, Long.MAX_VALUE, Long.MIN_VALUE})
  void wholeNumbersAreThemselves(long number) {
    assertThat(written(out -> out.number(number))).isEqualTo(Long.toString(number));
  }

  @ParameterizedTest
  @CsvSource({"0.5,0.5", "-1.0,-1.0", "1e300,1.0E300", "NaN,\"NaN\"", "Infinity,\"Infinity\""})
  void fractionsAreNumbersOrText(double number, String expected) {
    assertThat(written(out -> out.number(number))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2030-01-01T10:00:00.000Z",
        "2030-01-01T10:00:00.007Z",
        "2030-01-01T10:00:00.999999999Z",
        "1969-12-31T23:59:59.001Z",
        "0001-01-01T00:00:00Z",
        "+12345-01-01T00:00:00Z"
      })
  void timesAreAsTheReaderHasThem(String time) {
    var instant = Instant.parse(time);
    assertThat(written(out -> out.time(instant)))
        .isEqualTo("\"" + EventFields.TIME.format(instant) + "\"");
  }
}
