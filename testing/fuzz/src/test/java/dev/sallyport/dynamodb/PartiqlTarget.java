package dev.sallyport.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Statements are read without a fault, and no text in quotes gets past the mask. */
public final class PartiqlTarget implements FuzzTarget {
  /** In double quotes, unless the mask was cut in it. */
  private static final Pattern NAME = Pattern.compile("\"[^\"]*(\"|$)");

  private static final String BEFORE = "SELECT a FROM \"T\" WHERE a = ";

  @Override
  public boolean takes(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    String masked = PartiqlMask.of(text);
    assertThat(masked).hasSizeLessThanOrEqualTo(PartiqlMask.LENGTH_MAX);
    assertThat(NAME.matcher(masked).replaceAll("")).doesNotContain("'", "`");
    assertThat(PartiqlMask.of(BEFORE + "'" + text.replace("'", "''") + "'"))
        .isEqualTo(BEFORE + "?");
    PartiqlStatement statement = PartiqlStatement.read(text);
    assertThat(statement.complete()).isIn(false, !statement.targets().isEmpty());
    return !statement.targets().isEmpty();
  }
}
