package dev.sallyport.e2e;

import dev.sallyport.testkit.aws.AccessKey;
import dev.sallyport.testkit.aws.Upstream;
import dev.sallyport.testkit.aws.WireRequest;
import dev.sallyport.testkit.aws.WireResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * AWS's end of passages: gives to each the answer that the test told it, and keeps what came. A
 * passage is known by the invocation id that SDKs send and that nothing on the way changes.
 */
final class FarEnd implements Upstream {
  /** The header that carries a passage's id. */
  static final String ID = "amz-sdk-invocation-id";

  private static final long GATHERING_SECONDS = 30;

  private final Map<String, WireResponse> answers = new ConcurrentHashMap<>();
  private final Map<String, List<WireRequest>> received = new ConcurrentHashMap<>();
  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final Set<String> cameAgain = ConcurrentHashMap.newKeySet();
  private volatile Upstream otherwise = (request, caller) -> WireResponse.Cut.atOnce();
  private volatile CountDownLatch gathering = new CountDownLatch(0);

  /** Tells what to answer to the passage. */
  void expect(String id, WireResponse answer) {
    taken.remove(id);
    answers.put(id, answer);
  }

  /** What answers passages that the test told no answer for. */
  void otherwise(Upstream upstream) {
    otherwise = upstream;
  }

  /** What the passage was answered; to be asked before it is taken. */
  WireResponse answered(String id) {
    return Objects.requireNonNull(answers.get(id), "nothing came of " + id);
  }

  /** From now on nothing is answered until so many requests are here at the same time. */
  void gather(int requests) {
    gathering = new CountDownLatch(requests);
  }

  /** Whether anything of the passage came. */
  boolean came(String id) {
    return received.containsKey(id);
  }

  /** The one request of the passage, which is then forgotten. */
  WireRequest take(String id) {
    List<WireRequest> came = received.remove(id);
    answers.remove(id);
    if (came == null || came.size() != 1) {
      throw new AssertionError(
          "passage "
              + id
              + " came "
              + (came == null ? 0 : came.size())
              + " times (expected: once)");
    }
    taken.add(id);
    return came.getFirst();
  }

  /** The passages of which something came after their request was taken, when nothing was to. */
  Set<String> cameAgain() {
    return Set.copyOf(cameAgain);
  }

  @Override
  public WireResponse answer(WireRequest request, AccessKey caller) {
    String id = request.only(ID).orElse("");
    if (taken.contains(id)) {
      cameAgain.add(id);
    }
    received.computeIfAbsent(id, first -> new CopyOnWriteArrayList<>()).add(request);
    CountDownLatch latch = gathering;
    latch.countDown();
    try {
      if (!latch.await(GATHERING_SECONDS, TimeUnit.SECONDS)) {
        return WireResponse.Cut.atOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return WireResponse.Cut.atOnce();
    }
    WireResponse answer = answers.get(id);
    if (answer == null) {
      answer = otherwise.answer(request, caller);
      answers.put(id, answer);
    }
    return answer;
  }
}
