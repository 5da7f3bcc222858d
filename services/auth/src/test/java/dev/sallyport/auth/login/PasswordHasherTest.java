package dev.sallyport.auth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.ControlException;
import dev.sallyport.model.Secret;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Passwords as they are kept.
final class PasswordHasherTest {
  private final PasswordHasher hasher =
      new PasswordHasher(new SecureRandom(), BreachedPasswords.NONE);

  @Test
  void hashedPasswordIsRecognisedAndNoOther() {
    var kept = hasher.hash(Secret.of("a long enough one"));
    assertThat(kept.reveal()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(kept).isNotEqualTo(hasher.hash(Secret.of("a long enough one")));
    assertThat(hasher.verify(Optional.of(kept), Secret.of("a long enough one"))).isTrue();
    assertThat(hasher.verify(Optional.of(kept), Secret.of("a long enough two"))).isFalse();
    assertThat(hasher.verify(Optional.of(kept), Secret.of(""))).isFalse();
    assertThat(hasher.verify(Optional.empty(), Secret.of("a long enough one"))).isFalse();
  }

  @Test
  void knownAnswerOfArgon2id() {
    // Made with the reference implementation's command: echo -n password | argon2 somesalt -id
    // -t 2 -k 65536 -p 1 -l 32
    var reference =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
            + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    assertThat(hasher.verify(Optional.of(Secret.of(reference)), Secret.of("password"))).isTrue();
  }

  @Test
  void lengthsAreBounded() {
    assertThatThrownBy(() -> hasher.hash(Secret.of("elevenchars")))
        .isInstanceOf(ControlException.class)
        .hasMessageContaining("12");
    assertThatThrownBy(() -> hasher.hash(Secret.of("é".repeat(65))))
        .isInstanceOf(ControlException.class)
        .hasMessageContaining("128");
    assertThat(hasher.hash(Secret.of("é".repeat(64))).toString()).isEqualTo("[redacted]");
  }

  @Test
  void brokenOrAbsurdHashesAreNobodysPassword() {
    var kept = hasher.hash(Secret.of("a long enough one")).reveal();
    var random = new Random(11);
    for (var i = 0; i < 2000; i++) {
      var text = new StringBuilder(kept);
      text.setCharAt(random.nextInt(30), (char) (32 + random.nextInt(95)));
      PasswordHash.parse(Secret.of(text.toString()));
      PasswordHash.parse(Secret.of(kept.substring(0, random.nextInt(kept.length()))));
    }
    assertThat(PasswordHash.parse(Secret.of(kept.replace("m=19456", "m=9999999")))).isEmpty();
    assertThat(PasswordHash.parse(Secret.of(kept.replace("t=2", "t=999")))).isEmpty();
    assertThat(PasswordHash.parse(Secret.of(kept.replace("argon2id", "argon2i")))).isEmpty();
    assertThat(PasswordHash.parse(Secret.of(""))).isEmpty();
  }
}
