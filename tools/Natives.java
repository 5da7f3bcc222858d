import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/// What a package has of machine code: `Natives FOLDER PROCESSOR` ends the build where a program or
/// a library, also one in a jar, is for another processor, or where one is missing that services
/// are slower without. PROCESSOR is `x86_64` or `aarch64`.
final class Natives {
  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};
  private static final int MACHINE_AT = 18;
  private static final List<String> WANTED =
      List.of(
          "bin/java",
          "libjvm.so",
          "libsqlitejdbc.so",
          "libnetty_tcnative",
          "libnetty_transport_native_epoll");

  private final int machine;
  private final TreeSet<String> found = new TreeSet<>();
  private final TreeSet<String> others = new TreeSet<>();

  private Natives(String processor) {
    this.machine =
        switch (processor) {
          case "x86_64" -> 62;
          case "aarch64" -> 183;
          default -> throw new IllegalArgumentException("x86_64 or aarch64, not " + processor);
        };
  }

  public static void main(String[] args) throws IOException {
    var natives = new Natives(args[1]);
    natives.read(Path.of(args[0]));
    var missing =
        WANTED.stream().filter(one -> natives.found.stream().noneMatch(at -> at.contains(one)));
    var faults = Stream.concat(natives.others.stream(), missing.map(one -> one + " is missing"));
    var told = faults.toList();
    if (!told.isEmpty()) {
      told.forEach(fault -> System.err.println("dist: " + fault));
      System.err.println("dist: this is no package for " + args[1]);
      System.exit(1);
    }
  }

  private void read(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (var file : files) {
      var name = folder.relativize(file).toString();
      try (InputStream content = Files.newInputStream(file)) {
        look(name, content);
      }
      if (name.endsWith(".jar")) {
        try (var jar = new ZipFile(file.toFile())) {
          for (var entry : Collections.list(jar.entries())) {
            try (InputStream content = jar.getInputStream(entry)) {
              look(name + "!" + entry.getName(), content);
            }
          }
        }
      }
    }
  }

  private void look(String name, InputStream content) throws IOException {
    var head = content.readNBytes(MACHINE_AT + 2);
    if (head.length < MACHINE_AT + 2) {
      return;
    }
    for (int i = 0; i < ELF.length; i++) {
      if (head[i] != ELF[i]) {
        return;
      }
    }
    int is = (head[MACHINE_AT] & 0xff) | (head[MACHINE_AT + 1] & 0xff) << 8;
    if (is == machine) {
      found.add(name);
    } else {
      others.add(name + " is for another processor (machine " + is + ", not " + machine + ")");
    }
  }
}
