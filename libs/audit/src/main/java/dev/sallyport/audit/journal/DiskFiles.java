package dev.sallyport.audit.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/// Files in a folder that only its owner can read, used by one process at a time.
final class DiskFiles implements JournalFiles, AutoCloseable {

  private static final FileAttribute<?> FOLDER_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> FILE_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final String LOCK = "lock";

  private final Path folder;
  private final FileChannel lock;

  private DiskFiles(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /// Takes the folder, which is made if it is not there.
  ///
  /// @throws IOException if another process has it
  static DiskFiles in(Path folder) throws IOException {
    Files.createDirectories(folder, FOLDER_MODE);
    FileChannel lock =
        FileChannel.open(
            folder.resolve(LOCK),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            FILE_MODE);
    if (!isHeld(lock)) {
      lock.close();
      throw new IOException("another process uses the journal in " + folder);
    }
    return new DiskFiles(folder, lock);
  }

  private static boolean isHeld(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public List<String> list() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Override
  public JournalFile create(String name) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(name),
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            FILE_MODE);
    forceFolder();
    return new ChannelFile(channel);
  }

  @Override
  public JournalFile open(String name) throws IOException {
    return new ChannelFile(
        FileChannel.open(folder.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
    // In their order: after the loss of power no later one is gone while an earlier one is there.
    forceFolder();
  }

  /// A file's name comes to the disk, and goes from it, only when its folder is written.
  private void forceFolder() throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  private record ChannelFile(FileChannel channel) implements JournalFile {
    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
      long next = at;
      while (bytes.hasRemaining()) {
        next += channel.write(bytes, next);
      }
    }

    @Override
    public void read(ByteBuffer into, long at) throws IOException {
      long next = at;
      while (into.hasRemaining()) {
        int count = channel.read(into, next);
        if (count < 0) {
          return;
        }
        next += count;
      }
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
