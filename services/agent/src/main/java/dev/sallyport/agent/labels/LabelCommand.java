package dev.sallyport.agent.labels;

import dev.sallyport.model.DynamicLabel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs one command and takes what it prints. No shell is involved; its input is empty; it has ten
/// seconds and a kilobyte, and with it goes whatever it started. Blocks.
final class LabelCommand {
  /// How long a command may take.
  static final Duration LIMIT = Duration.ofSeconds(10);

  private final List<String> words;
  private final Duration limit;

  LabelCommand(List<String> words, Duration limit) {
    this.words = words;
    this.limit = limit;
  }

  /// What the command printed, without blanks around it.
  ///
  /// @throws IOException when it did not succeed, or printed what is no label
  String run() throws IOException, InterruptedException {
    var process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      process.getOutputStream().close();
      return value(process);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private String value(Process process) throws IOException, InterruptedException {
    var end = System.nanoTime() + limit.toNanos();
    var output = new FutureTask<byte[]>(() -> read(process.getInputStream()));
    // No virtual thread: a read of a pipe holds its carrier, for good where a child of the command
    // keeps the pipe open, and JDK 25 does not always give another one in its place.
    Thread.ofPlatform().daemon().name("sallyport-label-output").start(output);
    try {
      var bytes = output.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      // Asked first: a command that is cut off here ends with a failure of its own.
      if (bytes.length > DynamicLabel.MAX_VALUE) {
        throw new IOException("it printed more than %d bytes".formatted(DynamicLabel.MAX_VALUE));
      }
      if (!process.waitFor(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        throw tooSlow();
      }
      if (process.exitValue() != 0) {
        throw new IOException("it ended with exit code " + process.exitValue());
      }
      return label(bytes);
    } catch (TimeoutException e) {
      throw tooSlow();
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
  }

  private static byte[] read(InputStream output) throws IOException {
    try (output) {
      return output.readNBytes(DynamicLabel.MAX_VALUE + 1);
    }
  }

  private static String label(byte[] bytes) throws IOException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().strip();
    } catch (CharacterCodingException e) {
      throw new IOException("it printed no UTF-8", e);
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IOException("it printed more than one line, or characters that do not print");
    }
    return text;
  }

  private IOException tooSlow() {
    return new IOException("it took longer than %d ms".formatted(limit.toMillis()));
  }
}
