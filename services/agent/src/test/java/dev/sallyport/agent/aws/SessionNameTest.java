package dev.sallyport.agent.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionNameTest {
  private static final Pattern STS = Pattern.compile("[\\w+=,.@-]{2,64}");

  @ParameterizedTest
  @ValueSource(strings = {"alice", "al", "bob@example.com", "a+b=c,d.e-f_g"})
  void aNameThatStsTakesStaysAsItIs(String user) {
    assertThat(SessionName.of(user)).isEqualTo(user);
  }

  @Test
  void aNameOfSixtyFourCharactersStaysAndOneOfSixtyFiveIsHashed() {
    assertThat(SessionName.of("a".repeat(64))).isEqualTo("a".repeat(64));
    assertThat(SessionName.of("a".repeat(65))).startsWith("aaaa").contains(SessionName.MARK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a b", "a/b", "alice#1", "ålice", "al\nice", "a:b"})
  void aNameThatStsRefusesBecomesOneThatItTakes(String user) {
    assertThat(SessionName.of(user)).matches(STS).contains(SessionName.MARK).isNotEqualTo(user);
  }

  @Test
  void nobodyCanBeNamedLikeSomebodysHash() {
    var hashed = SessionName.of("a b");

    assertThat(SessionName.of(hashed)).isNotEqualTo(hashed);
  }

  @Test
  void namesThatDifferOnlyInReplacedCharactersOrInBrokenSurrogatesStayApart() {
    assertThat(SessionName.of("a b")).isNotEqualTo(SessionName.of("a/b"));
    assertThat(SessionName.of("a\ud800")).isNotEqualTo(SessionName.of("a\ud801"));
  }

  @Test
  void noTwoRandomNamesShareOne() {
    var random = new Random(25);
    var seen = new HashMap<String, String>();
    var alphabet = "ab=h@./# \u00e9\ud83d\ude00\ud800";
    for (int i = 0; i < 50_000; i++) {
      var user = new StringBuilder();
      for (int length = random.nextInt(70); length > 0; length--) {
        user.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      var name = SessionName.of(user.toString());
      assertThat(STS.matcher(name).matches()).isTrue();
      var other = seen.put(name, user.toString());
      assertThat(other == null || other.contentEquals(user)).isTrue();
    }
  }
}
