package dev.sallyport.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AwsSessionMarksTest {
  @Test
  void nothing_is_carried_unless_somebody_asks() {
    assertThat(DatabaseAws.of("us-east-1", "123456789012").marks()).isEqualTo(AwsSessionMarks.NONE);
    assertThat(AwsSessionMarks.NONE.sourceIdentity()).isFalse();
  }

  @Test
  void a_trait_cannot_tell_a_tag_that_is_written_down_however_it_is_spelled() {
    for (var key : new String[] {"team", "TEAM", "Team"}) {
      assertThatThrownBy(() -> marks(Map.of("Team", "data"), Map.of(key, "department")))
          .isInstanceOf(InvalidDatabase.class)
          .hasMessageContaining("comes twice")
          .hasMessageContaining(key);
    }
    assertThatThrownBy(() -> marks(Map.of(), Map.of("dept", "a", "DEPT", "b")))
        .hasMessageContaining("comes twice");
    assertThatThrownBy(() -> marks(Map.of("straße", "a"), Map.of("STRASSE", "b")))
        .as("one word for those who write capitals")
        .hasMessageContaining("comes twice");
    assertThatCode(() -> marks(Map.of("team", "a"), Map.of("dept", "team")))
        .as("what a trait is called says nothing of the tag")
        .doesNotThrowAnyException();
  }

  @Test
  void keys_are_such_as_aws_takes_and_fifty_at_most() {
    for (var key : new String[] {"", "aws:x", "AWS:x", "a,b", "a\nb", "x".repeat(129)}) {
      assertThatThrownBy(() -> marks(Map.of(), Map.of(key, "department")))
          .as(key)
          .isInstanceOf(InvalidDatabase.class);
    }
    assertThatThrownBy(() -> marks(Map.of(), Map.of("dept", " ")))
        .isInstanceOf(InvalidDatabase.class);
    assertThatCode(() -> marks(Map.of(), Map.of("x".repeat(128), "department")))
        .doesNotThrowAnyException();
    var written = new HashMap<String, String>();
    var traits = new HashMap<String, String>();
    for (int i = 0; i < 25; i++) {
      written.put("w" + i, "v");
      traits.put("t" + i, "v");
    }
    assertThatCode(() -> marks(written, traits)).doesNotThrowAnyException();
    traits.put("one-more", "v");
    assertThatThrownBy(() -> marks(written, traits)).hasMessageContaining("51 session tags");
  }

  @Test
  void values_are_such_as_aws_takes() {
    assertThat(AwsSessionMarks.isValue("x".repeat(256))).isTrue();
    assertThat(AwsSessionMarks.isValue("x".repeat(257))).isFalse();
    assertThat(AwsSessionMarks.isValue("blue green_1.:/=+-@é")).isTrue();
    for (var value : new String[] {"a,b", "a*", "${x}", "a\nb", "a\tb", "a\u0000", "a\"b"}) {
      assertThat(AwsSessionMarks.isValue(value)).as(value).isFalse();
    }
  }

  private static AwsSessionMarks marks(Map<String, String> tags, Map<String, String> traits) {
    return new AwsSessionMarks(tags, traits, false);
  }
}
