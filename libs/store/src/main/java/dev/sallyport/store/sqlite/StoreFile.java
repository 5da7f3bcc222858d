package dev.sallyport.store.sqlite;

import dev.sallyport.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// The database file on disk: readable by its owner only, and held by one process at a time.
final class StoreFile implements AutoCloseable {
  private static final String OWNER_ONLY = "rw-------";
  private static final String OWNER_ONLY_FOLDER = "rwx------";

  private final Path file;
  private final FileChannel lockChannel;

  private StoreFile(Path file, FileChannel lockChannel) {
    this.file = file;
    this.lockChannel = lockChannel;
  }

  /// Makes folder and file where they are missing, narrows their modes, and takes the lock.
  static StoreFile claim(Path file) {
    if (file.toString().indexOf('?') >= 0) {
      throw new StoreException("path of the state file: " + file + " (expected: no '?' in it)");
    }
    try {
      var folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        makeFolder(folder);
      }
      makeFile(file);
      var lockFile = file.resolveSibling(file.getFileName() + ".lock");
      makeFile(lockFile);
      var channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new StoreException(
            "the state file " + file + " is in use by another process (is it started twice?)");
      }
      return new StoreFile(file, channel);
    } catch (IOException e) {
      throw new StoreException("can't make or open the state file " + file + ": " + e, e);
    }
  }

  /// @return the address under which the driver opens it
  String url() {
    return "jdbc:sqlite:" + file.toAbsolutePath();
  }

  Path path() {
    return file;
  }

  /// Releases the lock; the file stays.
  @Override
  public void close() {
    try {
      lockChannel.close();
    } catch (IOException e) {
      throw new StoreException("can't release the lock of " + file + ": " + e, e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (posix()) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY_FOLDER)));
    } else {
      Files.createDirectories(folder);
    }
  }

  private static void makeFile(Path file) throws IOException {
    if (!posix()) {
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
      return;
    }
    var mode = PosixFilePermissions.fromString(OWNER_ONLY);
    if (Files.exists(file)) {
      Files.setPosixFilePermissions(file, mode);
    } else {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(mode));
    }
  }

  private static boolean posix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
