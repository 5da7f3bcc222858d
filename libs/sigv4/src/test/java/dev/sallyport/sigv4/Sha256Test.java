package dev.sallyport.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class Sha256Test {

  /// FIPS 180-2, appendix B.1.
  @Test
  void isTheHashOfTheStandardsExample() {
    assertThat(HexFormat.of().formatHex(Sha256.of("abc".getBytes(StandardCharsets.US_ASCII))))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void oneDigestIsNotAnother() {
    var first = Sha256.begin();
    first.update((byte) 'x');
    assertThat(Sha256.begin().digest("abc".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(Sha256.of("abc".getBytes(StandardCharsets.US_ASCII)));
    assertThat(first.digest()).isEqualTo(Sha256.of(new byte[] {'x'}));
  }
}
