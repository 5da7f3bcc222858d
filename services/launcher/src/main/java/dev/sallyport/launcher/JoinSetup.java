package dev.sallyport.launcher;

import dev.sallyport.agent.aws.DatabaseEndpoints;
import dev.sallyport.agent.aws.InstanceDocument;
import dev.sallyport.agent.aws.SignedCaller;
import dev.sallyport.aws.AwsSettings;
import dev.sallyport.control.host.JoinProof;
import dev.sallyport.control.host.SecretToken;
import dev.sallyport.model.Database;
import dev.sallyport.model.JoinMethod;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.Secret;
import dev.sallyport.resources.config.JoinParams;
import dev.sallyport.resources.config.TokenSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// Turns `auth_token` and `join_params` into what a host shows to join.
final class JoinSetup {
  /// What `--join-method` does, in a command's help.
  static final String METHOD_HELP =
      "How to join: token (usual), iam or ec2; --token then names the token.";

  /// What is wrong with a `--join-method` that stands alone.
  static final String NEEDS_TOKEN = "--join-method needs --token, the name of the token to join by";

  private JoinSetup() {}

  /// The value of `--join-method`.
  static JoinMethod method(String flag) throws StartFailure {
    return JoinMethod.parse(flag)
        .orElseThrow(() ->
            new StartFailure(
                "--join-method: %s is not supported by this version, supported are: %s"
                    .formatted(Quoted.of(flag), JoinMethod.names())));
  }

  /// Nothing if the configuration has neither.
  ///
  /// @param databases that the host serves; AWS is asked in the region of the first unless the
  ///   environment names one
  /// @throws IOException if a file that the environment names can't be read
  /// @throws UncheckedIOException if the file with the token's name can't be read
  /// @throws IllegalArgumentException if a variable makes no sense
  static Optional<JoinProof> proof(
      Optional<JoinParams> join, List<Database> databases, Surroundings around) throws IOException {
    if (join.isEmpty()) {
      return Optional.empty();
    }
    var token = join.get().token();
    return Optional.of(
        switch (join.get().method()) {
          case TOKEN -> new SecretToken(() -> read(token));
          case IAM -> {
            var settings = AwsSettings.of(around.env());
            var place = new DatabaseEndpoints(settings).ownSts(databases);
            yield new SignedCaller(token.read(), settings, place, around.clock());
          }
          case EC2 -> new InstanceDocument(token.read(), AwsSettings.of(around.env()));
        });
  }

  private static Secret read(TokenSource token) throws IOException {
    try {
      return Secret.of(token.read());
    } catch (UncheckedIOException e) {
      throw new IOException("teleport.auth_token: " + e.getMessage(), e);
    }
  }
}
