package dev.sallyport.auth.mfa;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Ids of keys for names that have none. How many a name gets, and how long they are, differs from
/// name to name as it does among real users, and only who has the cluster's secret could compute
/// it.
final class NobodysKeys {
  /// How many keys people have: most have one. Which of these a name gets is drawn.
  private static final List<Integer> COUNTS = List.of(1, 1, 1, 1, 1, 2, 2, 3);

  /// The lengths of ids that phones, computers and security keys make.
  private static final List<Integer> LENGTHS = List.of(16, 16, 20, 20, 32, 32, 48, 64);

  private final SealedTokens tokens;

  NobodysKeys(SealedTokens tokens) {
    this.tokens = tokens;
  }

  /// The ids under a name, always the same.
  List<byte[]> of(String user) {
    var drawn = tokens.hmac("shape of no key of " + user);
    return IntStream.rangeClosed(1, pick(COUNTS, drawn[0]))
        .mapToObj(i -> Arrays.copyOf(bytes(user, i), pick(LENGTHS, drawn[i])))
        .toList();
  }

  private byte[] bytes(String user, int number) {
    var name = "no key %d of %s".formatted(number, user);
    return ByteBuffer.allocate(64)
        .put(tokens.hmac("first of " + name))
        .put(tokens.hmac("second of " + name))
        .array();
  }

  private static int pick(List<Integer> from, byte drawn) {
    return from.get(Math.floorMod(drawn, from.size()));
  }
}
