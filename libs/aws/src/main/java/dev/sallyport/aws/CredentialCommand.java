package dev.sallyport.aws;

import dev.sallyport.aws.CredentialSource.Own;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A `credential_process`: a line for the shell that prints credentials as JSON. It has [#LIMIT],
/// and with it goes whatever it started. What it prints is never shown; what it says on its
/// standard error, one line of it, stands in the log. Blocks.
final class CredentialCommand {
  static final Duration LIMIT = Duration.ofSeconds(30);

  /// How long credentials without an end are kept.
  static final Duration WITHOUT_END = Duration.ofMinutes(15);

  private static final int MAX_COMPLAINT = 4096;
  private static final String WHO = "credential_process";

  private final String line;
  private final InstantSource clock;
  private final Duration limit;

  CredentialCommand(String line, InstantSource clock, Duration limit) {
    this.line = line;
    this.clock = clock;
    this.limit = limit;
  }

  Own run() throws SourceFailure {
    Process process;
    try {
      process = new ProcessBuilder(words()).start();
    } catch (IOException e) {
      throw SourceFailure.broken(WHO + " cannot be started");
    }
    try {
      process.getOutputStream().close();
      return own(process);
    } catch (IOException e) {
      throw SourceFailure.passing(WHO + " cannot be heard");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SourceFailure.passing("this service is stopping");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private List<String> words() {
    return System.getProperty("os.name", "").startsWith("Windows")
        ? List.of("cmd.exe", "/C", line)
        : List.of("sh", "-c", line);
  }

  private Own own(Process process) throws IOException, InterruptedException, SourceFailure {
    var end = System.nanoTime() + limit.toNanos();
    var output = reading(process.getInputStream(), CredentialText.MAX_BYTES + 1, false);
    var complaint = reading(process.getErrorStream(), MAX_COMPLAINT, true);
    try {
      var printed = output.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      if (printed.length > CredentialText.MAX_BYTES) {
        throw SourceFailure.broken(
            WHO + " printed more than " + CredentialText.MAX_BYTES + " bytes");
      }
      if (!process.waitFor(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        throw tooSlow();
      }
      if (process.exitValue() != 0) {
        var said = complaint.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        throw SourceFailure.broken(WHO + " ended with exit code " + process.exitValue())
            .withDetail(new String(said, StandardCharsets.UTF_8));
      }
      return read(printed);
    } catch (TimeoutException e) {
      throw tooSlow();
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
  }

  private Own read(byte[] printed) throws SourceFailure {
    var object = CredentialText.object(printed, WHO);
    var version = object.get("Version");
    if (version == null || !version.isInt() || version.asInt() != 1) {
      throw SourceFailure.broken(WHO + " gave no object of \"Version\": 1");
    }
    var now = clock.instant();
    var own = CredentialText.own(object, "SessionToken", WHO, now);
    return new Own(own.credentials(), own.end().or(() -> Optional.of(now.plus(WITHOUT_END))));
  }

  /// @param toTheEnd whether the rest is read too, so that the command does not wait for a reader
  private static FutureTask<byte[]> reading(InputStream stream, int most, boolean toTheEnd) {
    var task =
        new FutureTask<>(() -> {
          try (stream) {
            var kept = stream.readNBytes(most);
            if (toTheEnd) {
              stream.transferTo(OutputStream.nullOutputStream());
            }
            return kept;
          }
        });
    // No virtual thread: a read of a pipe holds its carrier, for good where a child of the command
    // keeps the pipe open, and JDK 25 does not always give another one in its place.
    Thread.ofPlatform().daemon().name("sallyport-credential-process").start(task);
    return task;
  }

  private SourceFailure tooSlow() {
    return SourceFailure.passing(WHO + " took longer than " + limit.toSeconds() + " seconds");
  }
}
