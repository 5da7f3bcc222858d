package dev.sallyport.console.profile;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

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
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
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
/// sallyport-profile          host of the active Proxy
/// current-profile            the same, unless it names a profile of another program
/// <proxy>.yaml               address, user, cluster, and that it is ours
/// keys/<proxy>/.sallyport    that the folder is ours
/// keys/<proxy>/certs.pem     host authorities of the cluster
/// keys/<proxy>/cas/<cluster>.pem
/// keys/<proxy>/<user>.key    the key, made on this machine
/// keys/<proxy>/<user>.crt    the certificate of the login
/// ```
///
/// Each file is written whole with mode 0600 in folders of 0700. The certificate is written last,
/// so that one who reads meanwhile finds either the old login or the new one, or notices that they
/// do not belong together. Not locked: two logins at once leave the later one.
///
/// Another program may keep its own profiles in the same folder, under the same names: what has not
/// our mark is not read, not written and not deleted. A Proxy whose profile or keys are another
/// program's can't be signed in to from here, and a profile of its that is active stays so for it.
public final class ProfileStore {
  private static final String CURRENT = "current-profile";
  private static final String OURS = "sallyport-profile";
  private static final String MARK = "made_by: sallyport";
  private static final String FOLDER_MARK = ".sallyport";
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
    return named(OURS).or(() -> named(CURRENT)).flatMap(this::find);
  }

  private Optional<String> named(String file) {
    return read(folder.resolve(file)).map(String::strip).filter(host -> find(host).isPresent());
  }

  /// The profile of a Proxy host.
  public Optional<Profile> find(String host) {
    return ours(profileFile(host)).map(text -> parse(text, profileFile(host)));
  }

  /// Every profile, by host.
  public List<Profile> all() {
    var profiles = new ArrayList<Profile>();
    for (var file : profileFiles()) {
      ours(file).map(text -> parse(text, file)).ifPresent(profiles::add);
    }
    profiles.sort(Comparator.comparing(profile -> profile.proxy().host()));
    return profiles;
  }

  /// The profiles of other programs in this folder, which are left alone.
  public List<Path> foreign() {
    return profileFiles().stream().filter(file -> ours(file).isEmpty()).sorted().toList();
  }

  private List<Path> profileFiles() {
    var found = new ArrayList<Path>();
    try (var files = Files.newDirectoryStream(folder, "*.yaml")) {
      files.forEach(found::add);
      return found;
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException | DirectoryIteratorException e) {
      throw unreadable(folder, e);
    }
  }

  /// @throws CommandFailure if the profile or the keys of that Proxy are another program's
  public void requireOurs(String host) {
    var profile = profileFile(host);
    if (Files.exists(profile, NOFOLLOW_LINKS) && ours(profile).isEmpty()) {
      throw foreign(profile);
    }
    var keys = keys(host);
    if (Files.exists(keys, NOFOLLOW_LINKS) && !Files.exists(keys.resolve(FOLDER_MARK))) {
      throw foreign(keys);
    }
  }

  private static CommandFailure foreign(Path file) {
    return new CommandFailure(
        file
            + " was written by another program, such as Teleport's tsh, and is left alone: set"
            + " TELEPORT_HOME to a folder of its own, or remove it with that program");
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
  ///
  /// @throws CommandFailure if another program's files are where it would be written
  public void save(Profile profile, IdentityFile login) throws IOException {
    requireOurs(profile.proxy().host());
    PrivateFile.makeFolders(folder);
    PrivateFile.write(keys(profile).resolve(FOLDER_MARK), "");
    saveTrust(profile, login.trust());
    PrivateFile.write(keyFile(profile, ".key"), Pem.encode(login.identity().key()));
    PrivateFile.write(keyFile(profile, ".crt"), Pem.encode(login.identity().chain()));
    PrivateFile.write(profileFile(profile.proxy().host()), yaml(profile));
    makeCurrent(profile);
  }

  /// Writes the authorities by which the profile's cluster is known from now on.
  public void saveTrust(Profile profile, TrustBundle trust) throws IOException {
    var authorities = Pem.encode(trust.hostAuthorities());
    PrivateFile.write(
        keys(profile).resolve("cas").resolve(fileName(profile.cluster()) + ".pem"), authorities);
    PrivateFile.write(trustFile(profile), authorities);
  }

  /// Makes a profile the active one.
  public void makeCurrent(Profile profile) throws IOException {
    var host = profile.proxy().host();
    PrivateFile.write(folder.resolve(OURS), host + "\n");
    if (mayReplaceCurrent()) {
      PrivateFile.write(folder.resolve(CURRENT), host + "\n");
    }
  }

  /// Whether no other program's profile is the active one.
  private boolean mayReplaceCurrent() {
    var active = read(folder.resolve(CURRENT)).map(String::strip);
    return active.isEmpty()
        || active.get().isEmpty()
        || ours(profileFile(active.get())).isPresent()
        || !Files.exists(profileFile(active.get()), NOFOLLOW_LINKS);
  }

  /// Forgets a login: its key first.
  public void remove(Profile profile) throws IOException {
    Files.deleteIfExists(keyFile(profile, ".key"));
    Files.deleteIfExists(keyFile(profile, ".crt"));
    Files.deleteIfExists(trustFile(profile));
    Files.deleteIfExists(
        keys(profile).resolve("cas").resolve(fileName(profile.cluster()) + ".pem"));
    Files.deleteIfExists(profileFile(profile.proxy().host()));
    forgetFolder(profile);
    for (var file : List.of(folder.resolve(OURS), folder.resolve(CURRENT))) {
      if (read(file).map(String::strip).equals(Optional.of(profile.proxy().host()))) {
        Files.deleteIfExists(file);
      }
    }
  }

  /// Without logins the folder is nobody's. Choices of databases may remain in it, and with them
  /// the mark.
  private void forgetFolder(Profile profile) throws IOException {
    var keys = keys(profile);
    try {
      Files.deleteIfExists(keys.resolve("cas"));
      try (var left = Files.list(keys)) {
        if (left.anyMatch(file -> !file.endsWith(FOLDER_MARK))) {
          return;
        }
      }
      Files.deleteIfExists(keys.resolve(FOLDER_MARK));
      Files.deleteIfExists(keys);
    } catch (NoSuchFileException | DirectoryNotEmptyException e) {
      // Somebody else keeps something there.
    }
  }

  /// Where logins are kept.
  public Path folder() {
    return folder;
  }

  private Path profileFile(String host) {
    return folder.resolve(fileName(host) + ".yaml");
  }

  private Path keys(Profile profile) {
    return keys(profile.proxy().host());
  }

  private Path keys(String host) {
    return folder.resolve("keys").resolve(fileName(host));
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
    %s
    """
        .formatted(
            quoted(address),
            quoted(address),
            quoted(profile.user()),
            quoted(profile.cluster()),
            MARK);
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

  /// A profile of ours; of another program's, or of what is no file at all, nothing is read.
  private static Optional<String> ours(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > FILE_BYTES_MAX) {
        return Optional.empty();
      }
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
          .filter(text -> text.lines().anyMatch(MARK::equals));
    } catch (AccessDeniedException | NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
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
