package dev.sallyport.console.profile;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.Console;
import dev.sallyport.console.ProxyAddress;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PrivateFile;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The profiles of one home folder.
///
/// ```
/// current-profile            host of the active Proxy
/// <proxy>.yaml               address, user, cluster
/// keys/<proxy>/certs.pem     host authorities of the cluster
/// keys/<proxy>/cas/<cluster>.pem
/// keys/<proxy>/<user>.key    the key, made on this machine
/// keys/<proxy>/<user>.crt    the certificate of the login
/// ```
///
/// Each file is written whole with mode 0600 in folders of 0700. The certificate is written last,
/// so that one who reads meanwhile finds either the old login or the new one, or notices that they
/// do not belong together. Not locked: two logins at once leave the later one.
public final class ProfileStore {
  private static final String CURRENT = "current-profile";
  private static final int FILE_BYTES_MAX = 64 * 1024;

  private final Path folder;

  /// The profiles in that folder; it need not exist.
  public ProfileStore(Path folder) {
    this.folder = folder;
  }

  /// The profiles of a process: `TELEPORT_HOME`, else `~/.tsh`.
  public static ProfileStore of(Console console) {
    return new ProfileStore(
        console.variable("TELEPORT_HOME").map(Path::of).orElse(console.home().resolve(".tsh")));
  }

  /// The active profile.
  public Optional<Profile> current() {
    return read(folder.resolve(CURRENT)).map(String::strip).flatMap(this::find);
  }

  /// The profile of a Proxy host.
  public Optional<Profile> find(String host) {
    return read(profileFile(host)).map(text -> parse(text, profileFile(host)));
  }

  /// Every profile, by host.
  public List<Profile> all() {
    var profiles = new ArrayList<Profile>();
    try (var files = Files.newDirectoryStream(folder, "*.yaml")) {
      for (var file : files) {
        read(file).map(text -> parse(text, file)).ifPresent(profiles::add);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    profiles.sort(Comparator.comparing(profile -> profile.proxy().host()));
    return profiles;
  }

  /// The certificate of a profile's login.
  public Optional<X509Certificate> certificate(Profile profile) {
    var file = keyFile(profile, ".crt");
    try {
      var text = read(file);
      return text.isEmpty() ? Optional.empty() : Optional.of(Pem.certificate(text.get()));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /// All that is needed to act as the profile's user; empty when the login is gone.
  public Optional<IdentityFile> identity(Profile profile) {
    var key = read(keyFile(profile, ".key"));
    var certificate = read(keyFile(profile, ".crt"));
    var authorities = read(trustFile(profile));
    if (key.isEmpty() || certificate.isEmpty() || authorities.isEmpty()) {
      return Optional.empty();
    }
    try {
      var identity =
          new TlsIdentity(Pem.privateKey(key.get()), Pem.certificates(certificate.get()));
      var trust = TrustBundle.ofHosts(profile.cluster(), Pem.certificates(authorities.get()));
      return Optional.of(new IdentityFile(identity, trust));
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(keys(profile), e);
    }
  }

  /// Writes a login and makes it the active one.
  public void save(Profile profile, IdentityFile login) throws IOException {
    PrivateFile.makeFolders(folder);
    var authorities = Pem.encode(login.trust().hostAuthorities());
    PrivateFile.write(
        keys(profile).resolve("cas").resolve(fileName(profile.cluster()) + ".pem"), authorities);
    PrivateFile.write(trustFile(profile), authorities);
    PrivateFile.write(keyFile(profile, ".key"), Pem.encode(login.identity().key()));
    PrivateFile.write(keyFile(profile, ".crt"), Pem.encode(login.identity().chain()));
    PrivateFile.write(profileFile(profile.proxy().host()), yaml(profile));
    makeCurrent(profile);
  }

  /// Makes a profile the active one.
  public void makeCurrent(Profile profile) throws IOException {
    PrivateFile.write(folder.resolve(CURRENT), profile.proxy().host() + "\n");
  }

  /// Forgets a login: its key first.
  public void remove(Profile profile) throws IOException {
    Files.deleteIfExists(keyFile(profile, ".key"));
    Files.deleteIfExists(keyFile(profile, ".crt"));
    Files.deleteIfExists(trustFile(profile));
    Files.deleteIfExists(
        keys(profile).resolve("cas").resolve(fileName(profile.cluster()) + ".pem"));
    Files.deleteIfExists(profileFile(profile.proxy().host()));
    var current = read(folder.resolve(CURRENT)).map(String::strip);
    if (current.equals(Optional.of(profile.proxy().host()))) {
      Files.deleteIfExists(folder.resolve(CURRENT));
    }
  }

  private Path profileFile(String host) {
    return folder.resolve(fileName(host) + ".yaml");
  }

  private Path keys(Profile profile) {
    return folder.resolve("keys").resolve(fileName(profile.proxy().host()));
  }

  private Path trustFile(Profile profile) {
    return keys(profile).resolve("certs.pem");
  }

  private Path keyFile(Profile profile, String ending) {
    return keys(profile).resolve(fileName(profile.user()) + ending);
  }

  /// A name from outside as one file name: what has a meaning in paths is written as `%XX`.
  static String fileName(String name) {
    var safe = new StringBuilder();
    for (var b : name.getBytes(StandardCharsets.UTF_8)) {
      var c = (char) (b & 0xff);
      var plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "@_+-".indexOf(c) >= 0
              || (c == '.' && !safe.isEmpty());
      if (plain) {
        safe.append(c);
      } else {
        safe.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
      }
    }
    return safe.toString();
  }

  private static String yaml(Profile profile) {
    var address = profile.proxy().authority();
    return """
    web_proxy_addr: %s
    ssh_proxy_addr: %s
    user: %s
    cluster: %s
    auth_type: local
    tls_routing_enabled: true
    """
        .formatted(
            quoted(address), quoted(address), quoted(profile.user()), quoted(profile.cluster()));
  }

  /// Reads what {@link #yaml} writes: one plain or quoted value a line; other keys are left alone.
  private static Profile parse(String text, Path file) {
    Map<String, String> values = new LinkedHashMap<>();
    for (var line : text.lines().toList()) {
      var colon = line.indexOf(": ");
      if (colon > 0 && line.charAt(0) != '#') {
        values.put(line.substring(0, colon), unquoted(line.substring(colon + 2).strip()));
      }
    }
    var address = values.getOrDefault("web_proxy_addr", "");
    var user = values.getOrDefault("user", "");
    var cluster = values.getOrDefault("cluster", "");
    if (address.isEmpty() || user.isEmpty() || cluster.isEmpty()) {
      throw new CommandFailure(
          file + " is not a whole profile; delete it, or sign in again with tsh login");
    }
    return new Profile(ProxyAddress.find(address), user, cluster);
  }

  private static String quoted(String value) {
    return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static String unquoted(String value) {
    if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
      return value;
    }
    return value.substring(1, value.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\");
  }

  private static Optional<String> read(Path file) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new CommandFailure(file + " is larger than " + FILE_BYTES_MAX + " bytes");
      }
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static CommandFailure unreadable(Path file, Exception cause) {
    return new CommandFailure("cannot read " + file + ": " + cause.getMessage(), cause);
  }
}
