package dev.sallyport.auth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Passwords of breaches are found in a file as it is downloaded.
final class BreachedListTest {
  @TempDir Path folder = Path.of("never");

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 997})
  void everyPasswordOfTheListIsFoundAndNoOther(int size) throws Exception {
    var random = new Random(size);
    for (var end : List.of("\n", "\r\n")) {
      var lines = new TreeSet<String>();
      for (var i = 0; i < size; i++) {
        lines.add(sha1("breached " + i) + ":" + random.nextInt(1, 10_000_000));
      }
      for (var last : List.of(end, "")) {
        var list = list(String.join(end, lines) + last);
        for (var i = 0; i < size; i++) {
          assertThat(list.contains(Secret.of("breached " + i))).isTrue();
          assertThat(list.contains(Secret.of("fresh " + i))).isFalse();
        }
      }
    }
  }

  @Test
  void lowerCaseAndHashesWithoutCountsAreRead() throws Exception {
    var hash = sha1("correct horse battery staple");
    assertThat(list(hash.toLowerCase(Locale.ROOT)).contains(Secret.of("correct horse battery")))
        .isFalse();
    for (var text : List.of(hash, hash + "\r\n", hash.toLowerCase(Locale.ROOT) + ":3\n")) {
      assertThat(list(text).contains(Secret.of("correct horse battery staple"))).isTrue();
    }
  }

  @Test
  void whatIsNoSuchListIsRefusedAtTheStart() throws Exception {
    var hashes = new ArrayList<String>();
    for (var i = 0; i < 1000; i++) {
      hashes.add(sha1("breached " + i) + ":1");
    }
    assertThatThrownBy(() -> list(String.join("\n", hashes)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("list.txt can't be used: it is not ordered by hash (at byte");
    Collections.sort(hashes, Collections.reverseOrder());
    assertThatThrownBy(() -> list(String.join("\n", hashes)))
        .hasMessageContaining("not ordered by hash");
    assertThatThrownBy(() -> list("")).hasMessageContaining("it is empty");
    for (var wrong :
        List.of(
            "password\n123456\n",
            sha1("a").substring(1) + ":1\n",
            sha1("a") + " 1\n",
            sha1("a") + ":" + "1".repeat(200),
            "x".repeat(10_000))) {
      assertThatThrownBy(() -> list(wrong)).hasMessageContaining("the line at byte 0 is not");
    }
    assertThatThrownBy(() -> BreachedList.open(folder.resolve("nowhere")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nowhere can't be used:");
  }

  @Test
  void nobodyChoosesABreachedPassword() throws Exception {
    var list = list(sha1("correct horse battery") + ":2\n");
    var hasher = new PasswordHasher(new SecureRandom(), list);
    assertThatThrownBy(() -> hasher.hash(Secret.of("correct horse battery")))
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.BAD_PARAMETER))
        .hasMessageContaining("known from a data breach");
    var kept = hasher.hash(Secret.of("incorrect horse battery"));
    assertThat(kept.reveal()).isNotEmpty();
  }

  @Test
  void withoutItsFileNoPasswordIsTaken() throws Exception {
    var list = list(sha1("correct horse battery") + ":2\n");
    Files.delete(folder.resolve("list.txt"));
    assertThatThrownBy(() -> list.contains(Secret.of("incorrect horse battery")))
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAVAILABLE));
    // Another list takes its place while the service runs.
    Files.writeString(folder.resolve("list.txt"), sha1("incorrect horse battery"));
    assertThat(list.contains(Secret.of("incorrect horse battery"))).isTrue();
    assertThat(list.contains(Secret.of("correct horse battery"))).isFalse();
  }

  private BreachedList list(String text) throws IOException {
    return BreachedList.open(Files.writeString(folder.resolve("list.txt"), text));
  }

  private static String sha1(String password) throws Exception {
    var bytes = password.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of()
        .withUpperCase()
        .formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
  }
}
