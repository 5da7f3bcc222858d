package dev.sallyport.console.profile;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.Console;
import dev.sallyport.model.Route;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.ClaimedIdentity;
import dev.sallyport.pki.InvalidIdentity;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The databases that a user has chosen with `tsh db login`, and as whom:
/// `keys/<proxy>/<user>-db/<cluster>/<db>.crt`, mode 0600.
///
/// Only the certificate is kept, never a key to it: it tells the choice and its end, and opens
/// nothing. Tunnels obtain certificates of their own.
public final class DatabaseLogins {
  private static final String ENDING = ".crt";
  private static final int FILE_BYTES_MAX = 64 * 1024;

  private final Path home;

  private DatabaseLogins(Path home) {
    this.home = home;
  }

  /// A choice.
  ///
  /// @param end when it stops counting
  public record Chosen(Route route, Instant end) {}

  /// Those of a process: under `TELEPORT_HOME`, else `~/.tsh`.
  public static DatabaseLogins of(Console console) {
    return new DatabaseLogins(
        console.variable("TELEPORT_HOME").map(Path::of).orElse(console.home().resolve(".tsh")));
  }

  /// Keeps a choice, in place of an older one for the same database.
  public void save(Profile profile, String database, String certificate) throws IOException {
    PrivateFile.write(file(profile, database), certificate);
  }

  /// The choices that still count, by name.
  public List<Chosen> all(Profile profile, Instant now) {
    var found = new ArrayList<Chosen>();
    try (var files = Files.newDirectoryStream(folder(profile), "*" + ENDING)) {
      for (var file : files) {
        read(file).filter(chosen -> now.isBefore(chosen.end())).ifPresent(found::add);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + folder(profile) + ": " + e.getMessage(), e);
    }
    found.sort(Comparator.comparing(chosen -> chosen.route().database()));
    return found;
  }

  /// The choice for one database.
  public Optional<Chosen> find(Profile profile, String database, Instant now) {
    return read(file(profile, database))
        .filter(chosen -> now.isBefore(chosen.end()) && chosen.route().database().equals(database));
  }

  /// Forgets one; false when there was none.
  public boolean remove(Profile profile, String database) throws IOException {
    return Files.deleteIfExists(file(profile, database));
  }

  private Path folder(Profile profile) {
    return home.resolve("keys")
        .resolve(ProfileStore.fileName(profile.proxy().host()))
        .resolve(ProfileStore.fileName(profile.user()) + "-db")
        .resolve(ProfileStore.fileName(profile.cluster()));
  }

  private Path file(Profile profile, String database) {
    return folder(profile).resolve(ProfileStore.fileName(database) + ENDING);
  }

  /// A file that is none of ours, or not whole, is no choice.
  private static Optional<Chosen> read(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > FILE_BYTES_MAX) {
        return Optional.empty();
      }
      var claimed = ClaimedIdentity.of(Pem.certificate(Files.readString(file)));
      return claimed.identity() instanceof UserIdentity user
          ? user.route().map(route -> new Chosen(route, claimed.notAfter()))
          : Optional.empty();
    } catch (IOException | InvalidIdentity e) {
      return Optional.empty();
    }
  }
}
