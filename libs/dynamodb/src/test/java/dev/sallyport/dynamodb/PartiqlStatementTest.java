package dev.sallyport.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartiqlStatementTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT * FROM Music|Music",
        "select Artist from \"Music\" where Artist='No One; FROM Other'|Music",
        "SELECT * FROM \"Music\".\"AlbumIndex\"|Music/AlbumIndex",
        "SELECT * FROM Music WHERE a = 'it''s'|Music",
        "SELECT \"FROM\" FROM \"Music\" ORDER BY x|Music",
        "INSERT INTO \"Music\" value {'Artist':'x'}|Music",
        "UPDATE \"Music\" SET a=1 SET b='UPDATE x' WHERE c=?|Music",
        "DELETE FROM \"Music\" WHERE Artist='x'|Music",
        "EXISTS(SELECT * FROM \"Music\" WHERE Artist='x')|Music",
        "SELECT * FROM \"arn:aws:dynamodb:us-east-1:123456789012:table/Music\"|"
            + "arn:aws:dynamodb:us-east-1:123456789012:table/Music",
        "/* FROM a */ SELECT * -- FROM b|``",
      })
  void tables_follow_their_words(String statement, String tables) {
    PartiqlStatement read = PartiqlStatement.read(statement);
    assertThat(
            read.targets().stream()
                .map(target -> target.table() + target.index().map(i -> "/" + i).orElse(""))
                .collect(Collectors.joining(",")))
        .isEqualTo(tables);
    assertThat(read.complete()).isEqualTo(!tables.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SELECT",
        "SELECT * FROM",
        "SELECT * FROM ?",
        "SELECT * FROM (SELECT * FROM A)",
        "SELECT * FROM A, B",
        "SELECT * FROM A JOIN B ON x",
        "SELECT * FROM A x, B",
        "SELECT * FROM \"A",
        "SELECT * FROM 'A'",
        "SELECT * FROM `A`",
        "SELECT * FROM A /* open",
        "DROP TABLE A",
        "\"SELECT\" * FROM A",
        "UPDATE",
      })
  void the_unusual_is_marked_incomplete(String statement) {
    assertThat(PartiqlStatement.read(statement).complete()).isFalse();
  }

  @Test
  void an_endless_statement_is_not_looked_at() {
    String text = "SELECT * FROM A WHERE x = '" + "y".repeat(PartiqlStatement.LENGTH_MAX) + "'";
    assertThat(PartiqlStatement.read(text).complete()).isFalse();
  }

  @Test
  void any_text_is_read() {
    Random random = new Random(5);
    String[] parts = {
      "FROM", "INTO", "UPDATE", "\"", "'", "--", "/*", "*/", "\n", ".", "A", "?", "(", ")", " ",
      "`", "é"
    };
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      assertThat(PartiqlStatement.read(text.toString()).targets()).hasSizeLessThan(13);
    }
  }
}
