package dev.sallyport.auth.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sallyport.auth.mfa.SealedTokens.Purpose;
import dev.sallyport.auth.mfa.SealedTokens.Token;
import dev.sallyport.auth.state.ClusterKey;
import dev.sallyport.store.sqlite.SqliteStateStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is sealed opens for its purpose and in its time, unchanged, and nothing else does.
final class SealedTokensTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private static final Token TOKEN = new Token("alice", "content", START.plusSeconds(60));

  private Instant now = START;

  @Test
  void onlyTheSamePurposeOpensAndOnlyInTime(@TempDir Path folder) {
    try (var store = SqliteStateStore.open(folder.resolve("state"), () -> now)) {
      var tokens = tokens(ClusterKey.ofSignIn(store, new SecureRandom()));
      for (var purpose : Purpose.values()) {
        var text = tokens.seal(purpose, TOKEN);
        for (var other : Purpose.values()) {
          assertThat(tokens.open(other, text).isPresent()).isEqualTo(other == purpose);
        }
      }
      var text = tokens.seal(Purpose.LOGIN, TOKEN);
      assertThat(tokens.open(Purpose.LOGIN, text)).contains(TOKEN);
      var sameCluster = tokens(ClusterKey.ofSignIn(store, new SecureRandom()));
      assertThat(sameCluster.open(Purpose.LOGIN, text)).contains(TOKEN);
      now = now.plus(Duration.ofSeconds(60));
      assertThat(tokens.open(Purpose.LOGIN, text)).isEmpty();
    }
  }

  @Test
  void anotherClusterAndAnyChangeAreRefused(@TempDir Path one, @TempDir Path two) {
    try (var store = SqliteStateStore.open(one.resolve("state"), () -> now);
        var others = SqliteStateStore.open(two.resolve("state"), () -> now)) {
      var tokens = tokens(ClusterKey.ofSignIn(store, new SecureRandom()));
      var text = tokens.seal(Purpose.LOGIN, TOKEN);
      assertThat(tokens(ClusterKey.ofSignIn(others, new SecureRandom())).open(Purpose.LOGIN, text))
          .isEmpty();
      var bytes = Base64.getUrlDecoder().decode(text);
      for (var i = 0; i < bytes.length; i++) {
        bytes[i] ^= 1;
        var changed = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        assertThat(tokens.open(Purpose.LOGIN, changed)).isEmpty();
        bytes[i] ^= 1;
      }
    }
  }

  @Test
  void anyTextIsRefusedWithoutAnError(@TempDir Path folder) {
    try (var store = SqliteStateStore.open(folder.resolve("state"), () -> now)) {
      var tokens = tokens(ClusterKey.ofSignIn(store, new SecureRandom()));
      var random = new Random(7);
      for (var i = 0; i < 2000; i++) {
        var text = new StringBuilder();
        for (var left = random.nextInt(200); left > 0; left--) {
          text.append((char) random.nextInt(i % 2 == 0 ? 128 : 0x3000));
        }
        assertThatCode(() -> assertThat(tokens.open(Purpose.LOGIN, text.toString())).isEmpty())
            .doesNotThrowAnyException();
      }
      assertThat(tokens.open(Purpose.LOGIN, "A".repeat(5000))).isEmpty();
    }
  }

  private SealedTokens tokens(ClusterKey key) {
    InstantSource clock = () -> now;
    return new SealedTokens(key, new SecureRandom(), clock);
  }
}
