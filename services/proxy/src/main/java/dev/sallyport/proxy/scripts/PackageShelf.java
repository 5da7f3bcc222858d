package dev.sallyport.proxy.scripts;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The packages of this version that the operator put into a folder, for hosts to be installed
/// with. A name that is asked for chooses among those that there can be; it is never a path. Safe
/// from many threads.
final class PackageShelf {
  static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

  private static final Logger LOG = LoggerFactory.getLogger(PackageShelf.class);
  private static final int SUM_FILE_MAX = 1_000;

  private final Path folder;
  private final String version;
  private final ConcurrentHashMap<Path, Known> sums = new ConcurrentHashMap<>();

  /// A checksum, and the file that it was made of.
  private record Known(FileTime changed, long size, String sum) {}

  PackageShelf(Path folder, String version) {
    this.folder = folder;
    this.version = version;
  }

  /// The name of a package, whether it is there or not.
  String name(String architecture) {
    return "sallyport-v%s-linux-%s-bin.tar.gz".formatted(version, architecture);
  }

  /// The package of that name, if there can be such a one and it is there.
  Optional<Path> find(String name) {
    return ARCHITECTURES.stream()
        .map(this::name)
        .filter(name::equals)
        .map(folder::resolve)
        .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
        .findFirst();
  }

  /// The SHA-256 of the package, in hexadecimal; nothing where there is none, or where the file
  /// `.sha256` beside it tells another.
  Optional<String> sum(String architecture) {
    return find(name(architecture))
        .flatMap(file -> {
          try {
            return Optional.of(agreed(file, known(file)));
          } catch (IOException e) {
            LOG.atError()
                .addKeyValue("file", file)
                .addKeyValue("reason", e.getMessage())
                .log("A package can't be offered");
            return Optional.empty();
          }
        });
  }

  private static String agreed(Path file, String sum) throws IOException {
    var told = file.resolveSibling(file.getFileName() + ".sha256");
    if (Files.exists(told)) {
      if (Files.size(told) > SUM_FILE_MAX
          || !Files.readString(told).strip().split("\\s+", 2)[0].equalsIgnoreCase(sum)) {
        throw new IOException("its checksum is " + sum + ", and " + told + " tells another");
      }
    }
    return sum;
  }

  private String known(Path file) throws IOException {
    var changed = Files.getLastModifiedTime(file);
    long size = Files.size(file);
    var last = sums.get(file);
    if (last != null && last.changed.equals(changed) && last.size == size) {
      return last.sum;
    }
    var sum = digest(file);
    sums.put(file, new Known(changed, size, sum));
    return sum;
  }

  private static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        var digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digesting.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
