package dev.sallyport.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The clients of {@code src/test/clients}, which are written in JavaScript: what their lock file
 * names, installed by npm once for each state of it. Without npm, or without a registry or cache
 * that has them, the test that wants them fails.
 */
final class NodeClients {
  private static final List<String> LOCKED = List.of("package.json", "package-lock.json", ".npmrc");
  private static final List<String> PROGRAMS = List.of("sdk.mjs");
  private static final String WISH =
      " (expected: Node 20.19 or newer, and npm that reaches its registry or has the packages of"
          + " testing/e2e/src/test/clients/package-lock.json in its cache)\n";

  private final Path folder;

  private NodeClients(Path folder) {
    this.folder = folder;
  }

  /** Installs them below {@code target}, or finds them there. */
  static NodeClients install() throws IOException, InterruptedException {
    Path module = GuideFiles.repository().resolve("testing/e2e");
    Path source = module.resolve("src/test/clients");
    Path folder = Files.createDirectories(module.resolve("target/clients"));
    for (String name : concat(LOCKED, PROGRAMS)) {
      Files.copy(source.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    Path stamp = folder.resolve("installed");
    String wanted = digest(source);
    if (!Files.exists(stamp) || !Files.readString(stamp).equals(wanted)) {
      Files.deleteIfExists(stamp);
      npm(folder);
      Files.writeString(stamp, wanted);
    }
    return new NodeClients(folder);
  }

  /** The command line that runs one of our programs. */
  List<String> program(String name, String... arguments) {
    return concat(List.of("node", folder.resolve(name).toString()), List.of(arguments));
  }

  /** The command line that runs what a package brings. */
  List<String> installed(String name, String... arguments) {
    return concat(
        List.of("node", folder.resolve("node_modules/.bin").resolve(name).toString()),
        List.of(arguments));
  }

  /** With the machine's own environment, which says where npm's registry and cache are. */
  private static void npm(Path folder) throws IOException, InterruptedException {
    Path log = folder.resolve("npm.log");
    ProcessBuilder npm =
        new ProcessBuilder("npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-progress")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Process running;
    try {
      running = npm.start();
    } catch (IOException e) {
      throw new AssertionError("npm cannot be started" + WISH, e);
    }
    try {
      if (!running.waitFor(5, TimeUnit.MINUTES)) {
        throw new AssertionError("npm ci does not end" + WISH + Files.readString(log));
      }
      if (running.exitValue() != 0) {
        throw new AssertionError("npm ci failed" + WISH + Files.readString(log));
      }
    } finally {
      running.destroyForcibly();
    }
  }

  private static String digest(Path source) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String name : LOCKED) {
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(source.resolve(name)));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> concat(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
