package dev.sallyport.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus of each parser, as it is and changed by chance with a fixed seed. */
final class CorpusTest {
  private static final int ROUNDS = 3000;
  private static final long SEED = 20_261_127;

  /** Of a hundred changed inputs, fewer that are taken would prove too little. */
  private static final int TAKEN_PERCENT = 5;

  @ParameterizedTest
  @MethodSource("dev.sallyport.fuzz.FuzzTargets#labels")
  void whatIsInTheCorpusKeepsTheRules(String label) throws IOException {
    int taken = 0;
    for (Path file : Corpus.files(label)) {
      taken += check(label, Files.readAllBytes(file), file.toString());
    }
    assertThat(taken).as("inputs that are taken").isPositive();
  }

  @ParameterizedTest
  @MethodSource("dev.sallyport.fuzz.FuzzTargets#labels")
  void soDoesWhatIsMadeOfIt(String label) throws IOException {
    Random random = new Random(SEED);
    List<byte[]> seeds = new ArrayList<>();
    for (Path file : Corpus.files(label)) {
      seeds.add(Files.readAllBytes(file));
    }
    int taken = 0;
    for (int round = 0; round < ROUNDS; round++) {
      taken += check(label, changed(seeds, random), "round " + round);
    }
    assertThat(taken).as("inputs that are taken").isGreaterThan(ROUNDS * TAKEN_PERCENT / 100);
  }

  private static int check(String label, byte[] input, String name) {
    try {
      return FuzzTargets.of(label).takes(input) ? 1 : 0;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(label + ", " + name + ": " + Arrays.toString(input), e);
    }
  }

  /** One input, with up to three changes: a byte, one less, or a part of another input. */
  private static byte[] changed(List<byte[]> seeds, Random random) {
    byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
    for (int changes = random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
      int at = random.nextInt(bytes.length);
      bytes =
          switch (random.nextInt(3)) {
            case 0 -> {
              bytes[at] = (byte) random.nextInt(256);
              yield bytes;
            }
            case 1 -> joined(bytes, at, new byte[0], at + 1);
            default -> joined(bytes, at, part(seeds, random), at);
          };
    }
    return bytes;
  }

  private static byte[] part(List<byte[]> seeds, Random random) {
    byte[] other = seeds.get(random.nextInt(seeds.size()));
    int from = random.nextInt(other.length + 1);
    return Arrays.copyOfRange(other, from, from + random.nextInt(other.length - from + 1));
  }

  private static byte[] joined(byte[] bytes, int until, byte[] middle, int from) {
    byte[] joined = Arrays.copyOf(bytes, until + middle.length + bytes.length - from);
    System.arraycopy(middle, 0, joined, until, middle.length);
    System.arraycopy(bytes, from, joined, until + middle.length, bytes.length - from);
    return joined;
  }
}
