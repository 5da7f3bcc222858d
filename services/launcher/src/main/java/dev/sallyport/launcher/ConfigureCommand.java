package dev.sallyport.launcher;

import dev.sallyport.model.JoinMethod;
import dev.sallyport.resources.InvalidDocument;
import dev.sallyport.resources.config.AuthSection;
import dev.sallyport.resources.config.InstanceSection;
import dev.sallyport.resources.config.TeleportFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `teleport configure`: writes a file to begin with; or, with `--test FILE`, says whether a file
/// can be used, and everything that is wrong with it.
@Command(
    name = "configure",
    description = "Writes a configuration file to begin with, or checks one.")
final class ConfigureCommand implements Callable<Integer> {
  private static final Set<String> KNOWN_ROLES = Set.of("auth", "proxy", "db", "node");

  private final Surroundings around;

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description = "The file to check; nothing is written or started.")
  private @Nullable Path file;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "WHERE",
      description = OutputTarget.HELP)
  private String output = "stdout";

  @Option(names = "--version", paramLabel = "FORM", description = "v1, v2 or v3.")
  private String version = "v3";

  @Option(names = "--cluster-name", paramLabel = "NAME", description = "The cluster's name.")
  private @Nullable String clusterName;

  @Option(
      names = "--public-addr",
      paramLabel = "HOST:PORT",
      description = "Where users and agents reach the Proxy; port 443 without any.")
  private @Nullable String publicAddr;

  @Option(names = "--cert-file", paramLabel = "FILE", description = "The Proxy's certificate.")
  private @Nullable String certFile;

  @Option(names = "--key-file", paramLabel = "FILE", description = "The key of --cert-file.")
  private @Nullable String keyFile;

  @Option(names = "--token", paramLabel = "TOKEN", description = "Join token, or a file with it.")
  private @Nullable String token;

  @Option(names = "--join-method", paramLabel = "METHOD", description = JoinSetup.METHOD_HELP)
  private @Nullable String joinMethod;

  @Option(
      names = "--roles",
      split = ",",
      paramLabel = "ROLE",
      description = "Of proxy, auth, db; auth and proxy without any.")
  private List<String> roles = new ArrayList<>();

  @Option(
      names = "--auth-server",
      paramLabel = "HOST:PORT",
      description = "The Auth Service that a Proxy joins.")
  private @Nullable String authServer;

  @Option(
      names = "--proxy",
      paramLabel = "HOST:PORT",
      description = "The Proxy that a Database Service joins through.")
  private @Nullable String proxy;

  @Option(names = "--data-dir", paramLabel = "FOLDER", description = "Where state is kept.")
  private Path dataDir = InstanceSection.USUAL_DATA_DIR;

  ConfigureCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws StartFailure {
    if (file != null) {
      return test(file);
    }
    var target = OutputTarget.parse(output, TeleportFile.USUAL_PATH);
    target.write(draft().text(), "rw-------", around.out(), ConfigDraft.next(target));
    return 0;
  }

  private int test(Path path) {
    try {
      var read = TeleportFile.read(path);
      ServiceSet.of(read);
      read.warnings().forEach(warning -> around.err().println("WARNING: " + warning));
      around.err().println("OK " + path);
      return 0;
    } catch (InvalidDocument e) {
      return fail(path, String.valueOf(e.getMessage()));
    } catch (StartFailure e) {
      return fail(path, e.text());
    }
  }

  private int fail(Path path, String why) {
    why.lines().forEach(line -> around.err().println("ERROR: " + line));
    around.err().println("FAIL " + path);
    return 1;
  }

  private ConfigDraft draft() throws StartFailure {
    var wanted = roles();
    var draft = new ConfigDraft(version, NodeName.ofThisMachine(), dataDir).log();
    if (token != null) {
      draft.join(joinMethod == null ? JoinMethod.TOKEN : JoinSetup.method(joinMethod), token);
    } else if (joinMethod != null) {
      throw new StartFailure(JoinSetup.NEEDS_TOKEN);
    }
    if (proxy != null) {
      draft.proxyServer(proxy);
    }
    if (authServer != null) {
      var address = ConfigDraft.address("--auth-server", authServer, AuthSection.USUAL_PORT);
      if (version.equals("v3")) {
        draft.instance("auth_server", address);
      } else {
        draft.instance("auth_servers", List.of(address));
      }
    }
    if (wanted.contains("auth")) {
      draft.enable("auth_service", auth());
    }
    if (wanted.contains("proxy")) {
      draft.enable("proxy_service", proxyService());
    }
    if (wanted.contains("db")) {
      draft.enable("db_service", Map.of()).comment(DbConfigureCreate.SAMPLES);
    }
    return draft;
  }

  private Set<String> roles() throws StartFailure {
    var wanted = new TreeSet<String>();
    for (var role : roles.isEmpty() ? List.of("auth", "proxy") : roles) {
      var name = role.strip().toLowerCase(Locale.ROOT);
      if (!KNOWN_ROLES.contains(name)) {
        throw new StartFailure(
            "unknown role: \"%s\" (this product has auth, proxy and db)".formatted(role));
      }
      wanted.add(name);
    }
    if (wanted.remove("node")) {
      around.err().println("WARNING: this product serves no SSH; the role node is left out");
    }
    return wanted;
  }

  private Map<String, Object> auth() {
    var keys = new LinkedHashMap<String, Object>();
    keys.put("listen_addr", "0.0.0.0:" + AuthSection.USUAL_PORT);
    if (clusterName != null) {
      keys.put("cluster_name", clusterName);
    }
    return keys;
  }

  private Map<String, Object> proxyService() throws StartFailure {
    if ((certFile == null) != (keyFile == null)) {
      throw new StartFailure("--cert-file and --key-file go together: give both");
    }
    var keys = new LinkedHashMap<String, Object>();
    var isPublic = publicAddr != null || certFile != null;
    keys.put("web_listen_addr", isPublic ? "0.0.0.0:443" : "0.0.0.0:3080");
    if (publicAddr != null) {
      keys.put("public_addr", ConfigDraft.address("--public-addr", publicAddr, 443));
    }
    if (certFile != null && keyFile != null) {
      var pair = new LinkedHashMap<String, Object>();
      pair.put("key_file", keyFile);
      pair.put("cert_file", certFile);
      keys.put("https_keypairs", List.of(pair));
    }
    return keys;
  }
}
