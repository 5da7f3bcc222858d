package dev.sallyport.launcher;

import dev.sallyport.model.HostPort;
import dev.sallyport.model.JoinMethod;
import dev.sallyport.resources.InvalidDocument;
import dev.sallyport.resources.YamlPrinter;
import dev.sallyport.resources.config.InstanceSection;
import dev.sallyport.resources.config.ProxySection;
import dev.sallyport.resources.config.TeleportFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A configuration file in the making. What comes out was read by the reader that `teleport start`
/// uses, so it is one that can be started with.
final class ConfigDraft {
  private static final String ENABLED = "enabled";

  private final Map<String, Object> tree = new LinkedHashMap<>();
  private final Map<String, Object> teleport = new LinkedHashMap<>();
  private String comment = "";

  /// A file of this host, with every service off.
  ///
  /// @param version of the file's form, such as `v3`
  ConfigDraft(String version, String nodename, Path dataDir) {
    tree.put("version", version);
    tree.put("teleport", teleport);
    teleport.put("nodename", nodename);
    teleport.put("data_dir", dataDir.toString());
    for (var service : List.of("auth_service", "ssh_service", "proxy_service", "db_service")) {
      var section = new LinkedHashMap<String, Object>();
      section.put(ENABLED, "no");
      tree.put(service, section);
    }
  }

  static ConfigDraft ofThisHost() {
    return new ConfigDraft("v3", NodeName.ofThisMachine(), InstanceSection.USUAL_DATA_DIR);
  }

  ConfigDraft instance(String key, Object value) {
    teleport.put(key, value);
    return this;
  }

  /// The log as it is without any word, for people who look for where to change it.
  ConfigDraft log() {
    var log = new LinkedHashMap<String, Object>();
    log.put("output", "stderr");
    log.put("severity", "INFO");
    log.put("format", Map.of("output", "text"));
    return instance("log", log);
  }

  /// Joins so.
  ///
  /// @param token with method `token` the secret, or a file with it; else the token's name
  ConfigDraft join(JoinMethod method, String token) {
    var params = new LinkedHashMap<String, Object>();
    params.put("token_name", token);
    params.put("method", method.wireName());
    return instance("join_params", params);
  }

  ConfigDraft proxyServer(String text) throws StartFailure {
    return instance("proxy_server", address("--proxy", text, ProxySection.USUAL_PORT));
  }

  /// Turns a service on, with these keys.
  ConfigDraft enable(String service, Map<String, ?> keys) {
    var section = new LinkedHashMap<String, Object>();
    section.put(ENABLED, "yes");
    section.putAll(keys);
    tree.put(service, section);
    return this;
  }

  /// Lines below everything else; each begins with `#`.
  ConfigDraft comment(String lines) {
    comment = lines;
    return this;
  }

  /// The text of the file.
  ///
  /// @throws StartFailure if a start would refuse it, with every fault
  String text() throws StartFailure {
    var text = YamlPrinter.print(tree) + comment;
    try {
      ServiceSet.of(TeleportFile.read(text, "the configuration of these flags"));
      return text;
    } catch (InvalidDocument e) {
      throw new StartFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /// An address as the file has it.
  static String address(String flag, String text, int usualPort) throws StartFailure {
    return Optional.of(text)
        .flatMap(it -> HostPort.parse(it, usualPort))
        .map(HostPort::toString)
        .orElseThrow(() -> new StartFailure(flag + ": expected host:port, not '" + text + "'"));
  }

  /// What to tell after a file was made.
  static String next(OutputTarget target) {
    return target
        .file()
        .map(file ->
            """
            A Teleport configuration file has been created at "%s".
            Start with it:

                teleport start --config="%s"
            """
                .formatted(file, file))
        .orElse("");
  }
}
