package dev.sallyport.aws;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.profiles.ProfileFile;

/// AWS's configuration of an account: `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, or the
/// usual files below `~/.aws`. Read when somebody asks.
record ProfileFiles(AwsSettings settings) {
  /// The profile that is used: `AWS_PROFILE`, or `default`.
  String chosen() {
    return settings.variable("AWS_PROFILE").orElse("default");
  }

  /// Below the home folder of the account.
  Path home() {
    return Path.of(settings.variable("HOME").orElseGet(() -> System.getProperty("user.home", "/")))
        .resolve(".aws");
  }

  private Path config() {
    return settings.file("AWS_CONFIG_FILE").orElseGet(() -> home().resolve("config"));
  }

  private Path shared() {
    return settings
        .file("AWS_SHARED_CREDENTIALS_FILE")
        .orElseGet(() -> home().resolve("credentials"));
  }

  /// Changes when a file does.
  Object stamp() {
    return List.of(stamp(config()), stamp(shared()));
  }

  private static String stamp(Path file) {
    try {
      return Files.getLastModifiedTime(file) + " " + Files.size(file);
    } catch (IOException e) {
      return "";
    }
  }

  /// @throws SourceFailure if a file is there and cannot be understood
  ProfileFile read() throws SourceFailure {
    var all = ProfileFile.aggregator();
    one(shared(), ProfileFile.Type.CREDENTIALS).ifPresent(all::addFile);
    one(config(), ProfileFile.Type.CONFIGURATION).ifPresent(all::addFile);
    return all.build();
  }

  private static Optional<ProfileFile> one(Path file, ProfileFile.Type type) throws SourceFailure {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (var in = Files.newInputStream(file)) {
      return Optional.of(ProfileFile.builder().content(in).type(type).build());
    } catch (IOException e) {
      throw SourceFailure.broken(file + " cannot be read");
    } catch (IllegalArgumentException e) {
      // The text of the exception may hold a line of the file, and the line a secret.
      throw SourceFailure.broken(file + " is not written as AWS's configuration is");
    }
  }
}
