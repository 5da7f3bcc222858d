import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Archives that are the same bytes for the same files: by name in order, each of the same time.
///
/// * `Archive zip FOLDER TO SECONDS`: the folder with its name and what its owner may execute.
/// * `Archive ar TO SECONDS FILES`: these, in this order, as Debian's packages have it.
final class Archive {
  private static final int CENTRAL = 0x02014b50;
  private static final int END_BYTES = 22;
  private static final int UNIX = 3;
  private static final int REGULAR_FILE = 0100000;

  private Archive() {}

  public static void main(String[] args) throws IOException {
    switch (args[0]) {
      case "zip" -> zip(Path.of(args[1]), Path.of(args[2]), Long.parseLong(args[3]));
      case "ar" ->
          ar(
              Path.of(args[1]),
              Long.parseLong(args[2]),
              Arrays.stream(args).skip(3).map(Path::of).toList());
      default -> throw new IllegalArgumentException("zip or ar, not " + args[0]);
    }
  }

  private static void zip(Path folder, Path to, long seconds) throws IOException {
    var when = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
    var above = folder.toAbsolutePath().getParent();
    var modes = new HashMap<String, Integer>();
    var bytes = new ByteArrayOutputStream();
    try (var out = new ZipOutputStream(bytes)) {
      for (var file : filesOf(folder)) {
        var entry = new ZipEntry(above.relativize(file.toAbsolutePath()).toString());
        entry.setTimeLocal(when);
        modes.put(entry.getName(), Files.isExecutable(file) ? 0755 : 0644);
        out.putNextEntry(entry);
        Files.copy(file, out);
        out.closeEntry();
      }
    }
    Files.write(to, withModes(bytes.toByteArray(), modes));
  }

  /// Java's zip streams have no modes. Each entry of the list at the end has room for one.
  private static byte[] withModes(byte[] zip, Map<String, Integer> modes) {
    var in = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int at = in.getInt(zip.length - END_BYTES + 16);
    for (int left = modes.size(); left > 0; left--) {
      if (in.getInt(at) != CENTRAL) {
        throw new IllegalStateException("no entry at " + at);
      }
      int name = in.getShort(at + 28);
      int mode = modes.get(new String(zip, at + 46, name, StandardCharsets.UTF_8));
      in.put(at + 5, (byte) UNIX);
      in.putInt(at + 38, (REGULAR_FILE | mode) << 16);
      at += 46 + name + in.getShort(at + 30) + in.getShort(at + 32);
    }
    return zip;
  }

  private static void ar(Path to, long seconds, List<Path> files) throws IOException {
    try (var out = Files.newOutputStream(to)) {
      out.write("!<arch>\n".getBytes(StandardCharsets.US_ASCII));
      for (var file : files) {
        var size = Files.size(file);
        var head =
            "%-16s%-12d%-6d%-6d%-8s%-10d`\n"
                .formatted(file.getFileName(), seconds, 0, 0, "100644", size);
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        Files.copy(file, out);
        // Each begins at an even place.
        if (size % 2 != 0) {
          out.write('\n');
        }
      }
    }
  }

  private static List<Path> filesOf(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted(Comparator.comparing(Path::toString)).toList();
    }
  }
}
