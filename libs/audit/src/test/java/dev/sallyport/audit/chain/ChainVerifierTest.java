package dev.sallyport.audit.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.groups.Tuple.tuple;

import dev.sallyport.audit.chain.ChainFault.Kind;
import dev.sallyport.audit.chain.ChainVerifier.Trust;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ChainVerifierTest {
  private static final ChainId CHAIN = new ChainId("host-1", "0123456789abcdef0123456789abcdef");
  private static final int RECORDS = 20;

  /// A record as it is kept.
  private record Kept(long sequence, String text, ChainHash hash) {
    byte[] bytes() {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static Kept of(long sequence, byte[] bytes, ChainHash hash) {
      return new Kept(sequence, new String(bytes, StandardCharsets.ISO_8859_1), hash);
    }
  }

  @Test
  void aWholeChainHasNoFaults() {
    var verifier = run(chain(RECORDS));

    assertThat(verifier.finish(RECORDS)).isEmpty();
    assertThat(verifier.checked()).isEqualTo(RECORDS);
    assertThat(verifier.at().sequence()).isEqualTo(RECORDS);
  }

  @Test
  void theFirstLinksAreThoseOfTheDescription() {
    var origin = ChainLink.origin(CHAIN);

    // printf 'sallyport-audit-chain-1\nhost-1\n0123456789abcdef0123456789abcdef\n' | sha256sum
    assertThat(origin.hash().hex())
        .isEqualTo("7e6808c7ef2cfaa39e514c6dd5c0d413d2716f6c48e3dfe3cc8f8101735ba2f9");
    // (printf ORIGIN | xxd -r -p; printf '\0\0\0\0\0\0\0\1'; printf '{}') | sha256sum
    assertThat(origin.next("{}".getBytes(StandardCharsets.UTF_8)).hash().hex())
        .isEqualTo("34eca78ed2066fa5be686b2854e70ea24acddbc847781a05acd81530be3fded2");
  }

  @Test
  void aDroppedRecordIsMissing() {
    for (int i = 0; i < RECORDS - 1; i++) {
      var records = chain(RECORDS);
      records.remove(i);

      assertThat(run(records).finish(RECORDS))
          .as("record %d", i + 1)
          .extracting(ChainFault::kind, ChainFault::first, ChainFault::last)
          .containsExactly(tuple(Kind.MISSING, i + 1L, i + 1L));
    }
  }

  @Test
  void anEditedRecordIsFoundAtItsPlace() {
    for (int i = 0; i < RECORDS; i++) {
      var records = chain(RECORDS);
      var old = records.get(i);
      var bytes = old.bytes();
      bytes[bytes.length - 1] ^= 1;
      records.set(i, Kept.of(old.sequence(), bytes, old.hash()));

      assertThat(run(records).finish(RECORDS))
          .extracting(ChainFault::kind, ChainFault::first)
          .containsExactly(tuple(Kind.EDITED, i + 1L));
    }
  }

  @Test
  void swappedRecordsAreOutOfOrder() {
    var records = chain(RECORDS);
    Collections.swap(records, 6, 7);

    assertThat(run(records).finish(RECORDS))
        .extracting(ChainFault::kind)
        .contains(Kind.OUT_OF_ORDER);
  }

  @Test
  void swappedContentsAreEdited() {
    var records = chain(RECORDS);
    var seventh = records.get(6);
    var eighth = records.get(7);
    records.set(6, Kept.of(7, eighth.bytes(), seventh.hash()));
    records.set(7, Kept.of(8, seventh.bytes(), eighth.hash()));

    assertThat(run(records).finish(RECORDS))
        .extracting(ChainFault::kind, ChainFault::first)
        .containsExactly(tuple(Kind.EDITED, 7L), tuple(Kind.EDITED, 8L));
  }

  @Test
  void aCutEndIsFoundByWhatIsKnownToBeStored() {
    assertThat(run(chain(RECORDS - 3)).finish(RECORDS))
        .extracting(ChainFault::kind, ChainFault::first, ChainFault::last)
        .containsExactly(tuple(Kind.MISSING, 18L, 20L));
  }

  @Test
  void aCutEndIsFoundByACheckpoint() throws Exception {
    var key = HostKey.make();
    var signed = key.sign(run(chain(RECORDS)).at());
    var verifier = run(chain(RECORDS - 3));
    verifier.checkpoint(signed, Trust.SIGNED);

    assertThat(verifier.finish(0))
        .extracting(ChainFault::kind, ChainFault::first, ChainFault::last)
        .containsExactly(tuple(Kind.TRUNCATED, 18L, 20L));
  }

  @Test
  void anotherHistoryUnderTheSameNumbersIsAFork() throws Exception {
    var key = HostKey.make();
    var signed = key.sign(run(chain(RECORDS)).at());
    var other = ChainLink.origin(CHAIN);
    var verifier = new ChainVerifier(other);
    for (int i = 0; i < RECORDS; i++) {
      byte[] bytes = ("{\"other\":" + i + "}").getBytes(StandardCharsets.UTF_8);
      other = other.next(bytes);
      verifier.record(other.sequence(), bytes, other.hash());
    }
    verifier.checkpoint(signed, Trust.SIGNED);

    assertThat(verifier.finish(RECORDS))
        .extracting(ChainFault::kind, ChainFault::last)
        .containsExactly(tuple(Kind.FORKED, (long) RECORDS));
  }

  @Test
  void aCheckpointCountsOnlyWithItsSignature() throws Exception {
    var key = HostKey.make();
    var at = run(chain(RECORDS)).at();
    var signed = key.sign(at);

    assertThat(signed.isSignedBy(key.certificate().getPublicKey())).isTrue();
    assertThat(signed.x509()).isEqualTo(key.certificate());
    assertThat(signed.isSignedBy(HostKey.make().certificate().getPublicKey())).isFalse();
    var moved =
        new Checkpoint(
            signed.agent(),
            signed.epoch(),
            signed.sequence() + 1,
            signed.hash(),
            signed.time(),
            signed.certificate(),
            signed.signature());
    assertThat(moved.isSignedBy(key.certificate().getPublicKey())).isFalse();

    var verifier = run(chain(RECORDS));
    verifier.checkpoint(signed, Trust.SIGNED);
    assertThat(verifier.proven()).isEqualTo(RECORDS);
    verifier.checkpoint(moved, Trust.NONE);
    assertThat(verifier.finish(RECORDS))
        .extracting(ChainFault::kind)
        .containsExactly(Kind.UNTRUSTED);
  }

  @Test
  void namesThatCouldBeReadAsOthersAreRefused() {
    var epoch = CHAIN.epoch();
    for (var agent : List.of("", "a b", "a\nb", "ä", "x".repeat(256))) {
      assertThatIllegalArgumentException().isThrownBy(() -> new ChainId(agent, epoch));
    }
    for (var other : List.of("", epoch.substring(1), epoch + "0", epoch.toUpperCase(Locale.ROOT))) {
      assertThatIllegalArgumentException().isThrownBy(() -> new ChainId("a", other));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> ChainHash.parse("0".repeat(63) + "G"));
  }

  /// Any single change of a kept chain is found: random edits, with a fixed seed.
  @Test
  void everySingleChangeIsFound() {
    var random = new Random(5);
    for (int round = 0; round < 500; round++) {
      var records = chain(RECORDS);
      int i = random.nextInt(RECORDS);
      var old = records.get(i);
      switch (random.nextInt(4)) {
        case 0 -> records.remove(i);
        case 1 -> {
          var bytes = old.bytes();
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
          records.set(i, Kept.of(old.sequence(), bytes, old.hash()));
        }
        case 2 -> {
          var hash = old.hash().bytes();
          hash[random.nextInt(hash.length)] ^= (byte) (1 << random.nextInt(8));
          records.set(i, Kept.of(old.sequence(), old.bytes(), ChainHash.of(hash)));
        }
        default -> records.add(i, old);
      }
      assertThat(run(records).finish(RECORDS)).as("round %d", round).isNotEmpty();
    }
  }

  private static List<Kept> chain(int length) {
    var records = new ArrayList<Kept>();
    var link = ChainLink.origin(CHAIN);
    for (int i = 0; i < length; i++) {
      byte[] bytes = ("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8);
      link = link.next(bytes);
      records.add(Kept.of(link.sequence(), bytes, link.hash()));
    }
    return records;
  }

  private static ChainVerifier run(List<Kept> records) {
    var verifier = new ChainVerifier(ChainLink.origin(CHAIN));
    for (var record : records) {
      verifier.record(record.sequence(), record.bytes(), record.hash());
    }
    return verifier;
  }
}
