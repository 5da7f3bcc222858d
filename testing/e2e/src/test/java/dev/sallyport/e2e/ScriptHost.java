package dev.sallyport.e2e;

import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A host on which scripts run that want to be root's: what they write goes into a folder. The
 * package that the Proxy serves has an installer that is a stand-in and links the program that is
 * tested; systemctl writes down what it is told; all else is real.
 */
final class ScriptHost {
  static final String PACKAGE = "sallyport-v1.0.0-linux-amd64-bin.tar.gz";

  private final Path folder;
  private final GuideSite guide;

  /** Made where {@code guide} keeps its files, under a name of its own. */
  ScriptHost(Path site, String name, GuideSite guide) throws IOException {
    this.folder = site.resolve(name);
    this.guide = guide;
    Files.createDirectories(at("/root"));
    program("id", "echo 0");
    program(
        "systemctl",
        """
        case $1 in
          is-enabled) grep -q 'enable --now' %1$s 2>/dev/null ;;
          *) echo "$*" >>%1$s ;;
        esac\
        """
            .formatted(log()));
  }

  /** A file of the host, by its path there. */
  Path at(String path) {
    return folder.resolve(path.substring(1));
  }

  /** What systemctl was told, a line each. */
  Path log() {
    return at("/root/systemctl.log");
  }

  /** A program before all others. */
  void program(String name, String script) throws IOException {
    executable(at("/bin/" + name), "#!/bin/sh\n" + script + "\n");
  }

  /**
   * Puts the package, which any such host takes, where the Proxy serves it; another one with other
   * words.
   */
  void pack(String more) throws IOException {
    Path packages = Files.createDirectories(guide.site.folder().resolve("cluster/packages"));
    Path packed = at("/root/pack");
    executable(
        packed.resolve("teleport/install"),
        """
        #!/bin/sh
        echo "installed with $*"
        ln -sf %s/bin/teleport "$(dirname "$(command -v systemctl)")/teleport"
        """
                .formatted(GuideFiles.installation())
            + more);
    shell("tar -czf %s -C %s teleport".formatted(packages.resolve(PACKAGE), packed)).orFail();
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A script of a real host, for this one. */
  String moved(String script) {
    String text = script;
    for (Map.Entry<String, String> place : places().entrySet()) {
      text = text.replace(place.getKey(), place.getValue());
    }
    return text;
  }

  /** The same as a filter in a line of the shell. */
  String moving() {
    StringBuilder filter = new StringBuilder("sed");
    places().forEach((from, to) -> filter.append(" -e 's|%s|%s|g'".formatted(from, to)));
    return filter.toString();
  }

  private Map<String, String> places() throws IllegalStateException {
    Map<String, String> places = new LinkedHashMap<>();
    try {
      for (String file :
          List.of(
              "/etc/teleport.yaml",
              "/etc/default/teleport",
              "/etc/systemd/system/teleport.service",
              "/var/lib/teleport/join-token")) {
        Files.createDirectories(Objects.requireNonNull(at(file).getParent()));
        places.put(file, at(file).toString());
      }
    } catch (IOException e) {
      throw new IllegalStateException("no place for a host's files", e);
    }
    places.put("state=/var/lib/teleport", "state=" + at("/var/lib/teleport"));
    places.put("/usr/local/bin", at("/bin").toString());
    return places;
  }

  /** Runs a line of the shell, which trusts the Proxy. */
  CommandResult shell(String line) throws IOException {
    String environment =
        "export PATH=%s:$PATH CURL_CA_BUNDLE=%s; "
            .formatted(at("/bin"), guide.site.folder().resolve("public-ca.pem"));
    return Installation.at(GuideFiles.installation())
        .runAny(List.of("sh", "-c", environment + line));
  }

  /** Starts what the host's unit starts, by the file that a script wrote. */
  RunningProcess startAgent(Map<String, String> environment) throws IOException {
    Path config = at("/etc/teleport.yaml");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("data_dir: /var/lib/teleport", "data_dir: " + at("/var/lib/teleport")));
    return guide.site.startService(config, environment);
  }
}
