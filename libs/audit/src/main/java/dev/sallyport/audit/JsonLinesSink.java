package dev.sallyport.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Events in files, one line each, one file a day in UTC: `events-2030-01-31.jsonl`, readable by
/// the owner only.
///
/// An event is in the file, though not yet on the disk, when `append` returns. A line that could
/// not be written whole is taken back, so that a full disk leaves no torn line; a torn line of a
/// crash is ended before the next one. Safe for any thread; closed by its owner.
public final class JsonLinesSink implements AuditSink, AutoCloseable {

  private static final FileAttribute<?> FOLDER_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> FILE_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final byte LINE_END = '\n';

  private final Path folder;
  private final InstantSource clock;
  private final Object lock = new Object();
  private @Nullable FileChannel file;
  private @Nullable LocalDate day;
  private boolean closed;

  /// Writes into the folder, which is made with the first event.
  ///
  /// @param clock tells which day it is
  public JsonLinesSink(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  @Override
  public void append(AuditEvent event) throws AuditUnavailable {
    byte[] line = AuditJson.toLine(event);
    synchronized (lock) {
      try {
        write(current(), line);
      } catch (IOException e) {
        closeQuietly();
        throw new AuditUnavailable("audit log " + folder + " cannot be written", e);
      }
    }
  }

  @Override
  public void ready() throws AuditUnavailable {
    synchronized (lock) {
      try {
        current();
      } catch (IOException e) {
        closeQuietly();
        throw new AuditUnavailable("audit log " + folder + " cannot be opened", e);
      }
    }
  }

  /// Ends writing; events after it are refused.
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      closeQuietly();
    }
  }

  private FileChannel current() throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    FileChannel open = file;
    if (open != null && today.equals(day)) {
      return open;
    }
    closeQuietly();
    Files.createDirectories(folder, FOLDER_MODE);
    Path path = folder.resolve("events-" + today + ".jsonl");
    FileChannel opened =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            FILE_MODE);
    file = opened;
    day = today;
    endTornLine(opened);
    return opened;
  }

  private static void endTornLine(FileChannel channel) throws IOException {
    long size = channel.size();
    if (size > 0) {
      ByteBuffer last = ByteBuffer.allocate(1);
      channel.read(last, size - 1);
      channel.position(size);
      if (last.get(0) != LINE_END) {
        write(channel, new byte[] {LINE_END});
      }
    }
  }

  private static void write(FileChannel channel, byte[] line) throws IOException {
    long before = channel.size();
    channel.position(before);
    ByteBuffer bytes = ByteBuffer.wrap(line);
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      if (channel.isOpen()) {
        channel.truncate(before);
      }
      throw e;
    }
  }

  private void closeQuietly() {
    FileChannel open = file;
    file = null;
    day = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // Every line was handed to the system already; there is nothing left to lose.
      }
    }
  }
}
