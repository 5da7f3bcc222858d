package dev.sallyport.tsh.background;

import dev.sallyport.control.ControlJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A background process as seen from outside, by its socket alone.
public final class BackgroundTunnel {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int ANSWER_BYTES_MAX = 256 * 1024;

  private final BackgroundFolder folder;
  private final String id;

  /// By its id.
  public BackgroundTunnel(BackgroundFolder folder, String id) {
    this.folder = folder;
    this.id = id;
  }

  /// What came of asking it.
  public sealed interface Answer {
    /// It lives.
    record Text(String text) implements Answer {}

    /// Nobody listens: the process is gone, whoever has its number now.
    record Gone() implements Answer {}

    /// Somebody listens, but says nothing: a frozen or overloaded process.
    record Silent() implements Answer {}
  }

  /// Its name among the user's tunnels.
  public String id() {
    return id;
  }

  /// What it says of itself; empty when it does not answer. The traces of a process that is gone
  /// are removed.
  public Optional<JsonNode> status() {
    return switch (ask("status")) {
      case Answer.Text answer -> json(answer.text());
      case Answer.Silent _ -> Optional.empty();
      case Answer.Gone _ -> {
        folder.forget(id);
        yield Optional.empty();
      }
    };
  }

  /// Whether it has left traces.
  public boolean known() {
    return Files.exists(folder.state(id));
  }

  /// Says one word to it.
  public Answer ask(String word) {
    SocketChannel channel;
    try {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    } catch (IOException e) {
      return new Answer.Silent();
    }
    var task = new FutureTask<>(() -> exchange(channel, word));
    Thread.ofVirtual().name("sallyport-tsh-ask").start(task);
    try (channel) {
      return task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Silent();
    } catch (ExecutionException | TimeoutException | IOException e) {
      return new Answer.Silent();
    }
  }

  private Answer exchange(SocketChannel channel, String word) throws IOException {
    try {
      channel.connect(UnixDomainSocketAddress.of(folder.socket(id)));
    } catch (IOException e) {
      return new Answer.Gone();
    }
    channel.write(ByteBuffer.wrap((word + "\n").getBytes(StandardCharsets.US_ASCII)));
    var all = new ByteArrayOutputStream();
    var piece = ByteBuffer.allocate(4096);
    while (all.size() < ANSWER_BYTES_MAX && channel.read(piece.clear()) >= 0) {
      all.write(piece.array(), 0, piece.position());
    }
    return new Answer.Text(all.toString(StandardCharsets.UTF_8));
  }

  private static Optional<JsonNode> json(String text) {
    try {
      return Optional.of(ControlJson.MAPPER.readTree(text));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }
}
