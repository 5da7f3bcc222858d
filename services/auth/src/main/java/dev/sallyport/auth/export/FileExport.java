package dev.sallyport.auth.export;

import dev.sallyport.audit.store.Stored;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lines in files `events-<begin>-<position>.jsonl`, readable by the owner only: by their names in
/// the order in which they were written. A batch is on the disk when it was put. What a crash left
/// half-written is taken back before the next line.
final class FileExport implements ExportSink {
  private static final FileAttribute<?> FOLDER_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> FILE_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final DateTimeFormatter BEGIN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final Pattern OURS =
      Pattern.compile("events-(\\d{4}-\\d{2}-\\d{2})(T\\d{6}Z)?(-\\d{12,19})?\\.jsonl");
  private static final int BLOCK = 64 << 10;

  private final ExportTarget.Files target;
  private final InstantSource clock;
  private @Nullable FileChannel file;
  private Instant begun = Instant.EPOCH;

  FileExport(ExportTarget.Files target, InstantSource clock) {
    this.target = target;
    this.clock = clock;
  }

  @Override
  public String target() {
    return target.folder().toString();
  }

  @Override
  public Pace pace() {
    return Pace.AT_ONCE;
  }

  @Override
  public void put(List<Stored> records) throws IOException {
    var pending = new ByteArrayOutputStream();
    try {
      var open = current(records.getFirst());
      var size = open.size();
      for (var record : records) {
        var line = ExportSink.line(record);
        if (size > 0 && (size + line.length > target.rotateBytes() || isOld())) {
          write(open, pending);
          open = next(record);
          size = 0;
        }
        pending.writeBytes(line);
        size += line.length;
      }
      write(open, pending);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public void close() {
    var open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // What was put is on the disk, and all else is put again.
      }
    }
  }

  private static void write(FileChannel open, ByteArrayOutputStream pending) throws IOException {
    var before = open.size();
    var bytes = ByteBuffer.wrap(pending.toByteArray());
    try {
      open.position(before);
      while (bytes.hasRemaining()) {
        open.write(bytes);
      }
      open.force(false);
    } catch (IOException e) {
      if (open.isOpen()) {
        open.truncate(before);
      }
      throw e;
    }
    pending.reset();
  }

  private boolean isOld() {
    return !clock.instant().isBefore(begun.plus(target.rotateAfter()));
  }

  private FileChannel current(Stored first) throws IOException {
    var open = file;
    if (open != null) {
      return open;
    }
    Files.createDirectories(target.folder(), FOLDER_MODE);
    var newest = files().stream().reduce((a, b) -> b);
    var time = newest.flatMap(FileExport::begin);
    if (newest.isEmpty() || time.isEmpty()) {
      return next(first);
    }
    open =
        FileChannel.open(newest.get(), Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
    file = open;
    begun = time.get();
    takeBackTornLine(open);
    return open;
  }

  private FileChannel next(Stored first) throws IOException {
    close();
    begun = Instant.ofEpochSecond(clock.instant().getEpochSecond());
    var name = "events-%s-%012d.jsonl".formatted(BEGIN.format(begun), first.position());
    var made =
        FileChannel.open(
            target.folder().resolve(name),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            FILE_MODE);
    file = made;
    takeBackTornLine(made);
    try (var folder = FileChannel.open(target.folder(), StandardOpenOption.READ)) {
      folder.force(true);
    }
    var all = files();
    for (var old : all.subList(0, Math.max(0, all.size() - target.keepFiles()))) {
      if (!old.endsWith(name)) {
        Files.delete(old);
      }
    }
    return made;
  }

  private List<Path> files() throws IOException {
    try (var found = Files.list(target.folder())) {
      return found
          .filter(path -> OURS.matcher(path.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  /// When a file was begun; nothing for one that an earlier version wrote.
  private static Optional<Instant> begin(Path path) {
    var name = OURS.matcher(path.getFileName().toString());
    if (!name.matches() || name.group(2) == null || name.group(3) == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(BEGIN.parse(name.group(1) + name.group(2), Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /// Its record is put again.
  private static void takeBackTornLine(FileChannel open) throws IOException {
    var end = open.size();
    while (end > 0) {
      var start = Math.max(0, end - BLOCK);
      var block = ByteBuffer.allocate((int) (end - start));
      while (block.hasRemaining() && open.read(block, start + block.position()) >= 0) {}
      for (var i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          open.truncate(start + i + 1);
          return;
        }
      }
      end = start;
    }
    open.truncate(0);
  }
}
