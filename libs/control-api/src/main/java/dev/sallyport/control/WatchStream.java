package dev.sallyport.control;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// A watch answer, read line by line by one thread. It asks the network for the next part only when
/// the last one is used up, so a slow reader holds little memory; silence for longer than allowed
/// ends it.
final class WatchStream implements HttpResponse.BodySubscriber<WatchStream>, AutoCloseable {
  private static final int MAX_REFUSAL = 64 * 1024;

  /// What came from the network, or why no more comes.
  private sealed interface Part {
    record Bytes(List<ByteBuffer> buffers) implements Part {}

    record End(String why) implements Part {}
  }

  private final int status;
  private final String server;
  private final Duration silence;
  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private @Nullable ByteBuffer current;
  private List<ByteBuffer> ahead = List.of();

  WatchStream(int status, String server, Duration silence) {
    this.status = status;
    this.server = server;
    this.silence = silence;
  }

  /// The next event, waited for no longer than the allowed silence.
  WatchEvent next() throws InterruptedException {
    while (true) {
      var buffer = buffer();
      while (buffer.hasRemaining()) {
        var b = buffer.get();
        if (b == '\n') {
          if (line.size() > 0) {
            return parse();
          }
        } else if (line.size() == ControlJson.MAX_BODY) {
          throw broken("a line of the watch is longer than " + ControlJson.MAX_BODY + " bytes");
        } else {
          line.write(b);
        }
      }
    }
  }

  /// All that is left, of an answer that is an error.
  byte[] rest() {
    var bytes = new ByteArrayOutputStream();
    try {
      while (bytes.size() < MAX_REFUSAL) {
        var buffer = buffer();
        var copy = new byte[Math.min(buffer.remaining(), MAX_REFUSAL - bytes.size())];
        buffer.get(copy);
        bytes.writeBytes(copy);
        if (copy.length == 0) {
          break;
        }
      }
    } catch (ControlException e) {
      // The end of the error's text; what came is all there is.
      return bytes.toByteArray();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return bytes.toByteArray();
  }

  private WatchEvent parse() {
    var text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    try {
      return ControlJson.ANSWERS.readValue(text, WatchEvent.class);
    } catch (JacksonException | NullPointerException | IllegalArgumentException e) {
      throw broken("a line of the watch cannot be read");
    }
  }

  private ByteBuffer buffer() throws InterruptedException {
    while (true) {
      if (current != null && current.hasRemaining()) {
        return current;
      }
      if (!ahead.isEmpty()) {
        current = ahead.getFirst();
        ahead = ahead.subList(1, ahead.size());
        continue;
      }
      subscription.thenAccept(given -> given.request(1));
      var part = parts.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
      if (part == null) {
        throw broken("nothing was heard for " + silence.toMillis() + " ms");
      }
      ahead =
          switch (part) {
            case Part.Bytes(List<ByteBuffer> buffers) -> buffers;
            case Part.End(String why) -> throw broken(why);
          };
    }
  }

  private ControlException broken(String why) {
    return new ControlException(
        status == 200 ? ErrorKind.UNAVAILABLE : ErrorKind.ofStatus(status),
        "the watch of " + server + " ended: " + why);
  }

  @Override
  public CompletionStage<WatchStream> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.complete(given);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    parts.add(new Part.Bytes(List.copyOf(buffers)));
  }

  @Override
  public void onError(Throwable cause) {
    parts.add(new Part.End(String.valueOf(cause.getMessage())));
  }

  @Override
  public void onComplete() {
    parts.add(new Part.End("the server ended it"));
  }

  @Override
  public void close() {
    subscription.thenAccept(Flow.Subscription::cancel);
  }
}
