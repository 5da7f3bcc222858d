package dev.sallyport.auth.mfa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Codes by RFC 6238, and when one is taken.
final class TotpTest {
  private static final byte[] RFC_KEY = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
  private static final Secret SECRET = Secret.of(Base32.encode(RFC_KEY));
  private static final Instant NOW = Instant.ofEpochSecond(1_111_111_111);
  private static final long STEP = 1_111_111_111 / 30;

  /// RFC 6238, appendix B, SHA-1.
  @ParameterizedTest
  @CsvSource({
    "59,94287082",
    "1111111109,07081804",
    "1111111111,14050471",
    "1234567890,89005924",
    "2000000000,69279037",
    "20000000000,65353130"
  })
  void codesAreThoseOfTheSpecification(long second, String code) {
    assertThat(Totp.code(RFC_KEY, second / 30, 8)).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({"-2,false", "-1,true", "0,true", "1,true", "2,false"})
  void theNeighboursOfTheStepAreTakenAndNoOther(int drift, boolean taken) {
    var code = Secret.of(Totp.code(RFC_KEY, STEP + drift, 6));
    assertThat(Totp.match(SECRET, code, NOW, 0).isPresent()).isEqualTo(taken);
  }

  @Test
  void aUsedCodeIsNotTakenAgainNorAnOlderOne() {
    var code = Secret.of(Totp.code(RFC_KEY, STEP, 6));
    assertThat(Totp.match(SECRET, code, NOW, STEP - 1)).hasValue(STEP);
    assertThat(Totp.match(SECRET, code, NOW, STEP)).isEmpty();
    assertThat(Totp.match(SECRET, code, NOW, STEP + 1)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"''", "05047", "0504711", "５０５０４７１", "abcdef", "050 471"})
  void whatIsNoCodeIsNotTaken(String text) {
    assertThat(Totp.match(SECRET, Secret.of(text), NOW, 0)).isEmpty();
  }

  @Test
  void base32IsThatOfTheSpecification() {
    assertThat(Base32.encode("foobar".getBytes(StandardCharsets.US_ASCII))).isEqualTo("MZXW6YTBOI");
    assertThat(Base32.decode("mzxw6ytboi")).contains("foobar".getBytes(StandardCharsets.US_ASCII));
    assertThat(Base32.decode("MZXW1")).isEmpty();
    var random = new Random(42);
    for (var i = 0; i < 500; i++) {
      var bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      assertThat(Base32.decode(Base32.encode(bytes))).contains(bytes);
    }
  }

  @Test
  void theUrlSaysAllThatAnAppNeeds() {
    var secret = Totp.secret(new SecureRandom());
    assertThat(secret.reveal()).matches("[A-Z2-7]{32}");
    assertThat(Totp.url("example.com", "alice smith@x", secret).reveal())
        .isEqualTo(
            "otpauth://totp/example.com:alice%20smith%40x?secret="
                + secret.reveal()
                + "&issuer=example.com&algorithm=SHA1&digits=6&period=30");
  }
}
