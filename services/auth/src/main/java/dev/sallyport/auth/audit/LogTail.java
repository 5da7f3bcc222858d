package dev.sallyport.auth.audit;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.InvalidAuditEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The last events of the log on disk, read once at start: a host that got no answer before a
/// restart sends again what may be on record already.
final class LogTail {
  /// How far back, in bytes of the newest file and of the one before it.
  private static final int BYTES_MAX = 8 << 20;

  private static final int FILES_MAX = 2;

  private LogTail() {}

  /// Events in the order of the log; lines that are none are passed over.
  static List<AuditEvent> read(Path folder) throws IOException {
    var events = new ArrayList<AuditEvent>();
    for (var file : newest(folder)) {
      for (var line : tail(file).split("\n", -1)) {
        try {
          if (!line.isBlank()) {
            events.add(AuditJson.read(line));
          }
        } catch (InvalidAuditEvent e) {
          // The first line may be cut, the last one torn by a crash.
        }
      }
    }
    return List.copyOf(events);
  }

  private static List<Path> newest(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      var byAge =
          files
              .filter(file -> file.getFileName().toString().endsWith(".jsonl"))
              .sorted(Comparator.comparing(Path::getFileName))
              .toList();
      return byAge.subList(Math.max(0, byAge.size() - FILES_MAX), byAge.size());
    }
  }

  private static String tail(Path file) throws IOException {
    try (var channel = FileChannel.open(file)) {
      channel.position(Math.max(0, channel.size() - BYTES_MAX));
      var bytes = ByteBuffer.allocate((int) Math.min(BYTES_MAX, channel.size()));
      while (bytes.hasRemaining()) {
        if (channel.read(bytes) < 0) {
          break;
        }
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
  }
}
