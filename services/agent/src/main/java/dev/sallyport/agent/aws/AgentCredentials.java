package dev.sallyport.agent.aws;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSupplier;

/// The agent's own AWS credentials, from where every AWS program looks for them, in the SDK's
/// order: system properties, environment, web identity, profile, container, instance.
///
/// The chain is put together here, from the SDK's providers, since the SDK's ready-made one reads
/// the process environment and cannot be given another. Blocks.
public final class AgentCredentials implements AutoCloseable {
  /// What an operator reads when there are none.
  public static final String HOW_TO_SET =
      "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, for the Database Service,"
          + " or run it where a container or an instance role gives it credentials";

  private final AwsCredentialsProviderChain chain;

  private AgentCredentials(List<AwsCredentialsProvider> providers) {
    chain =
        AwsCredentialsProviderChain.builder()
            .credentialsProviders(providers)
            .reuseLastProviderEnabled(true)
            .build();
  }

  /// The chain of this environment; asks nobody yet.
  public static AgentCredentials of(AwsSettings settings) {
    var providers = new ArrayList<AwsCredentialsProvider>();
    providers.add(SystemPropertyCredentialsProvider.create());
    environment(settings).ifPresent(providers::add);
    webIdentity(settings).ifPresent(providers::add);
    providers.add(profile(settings));
    if (settings.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").isPresent()
        || settings.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI").isPresent()) {
      providers.add(ContainerCredentialsProvider.builder().build());
    }
    if (!settings.isOn("AWS_EC2_METADATA_DISABLED")) {
      providers.add(InstanceProfileCredentialsProvider.builder().build());
    }
    return new AgentCredentials(providers);
  }

  /// The credentials of now, or nothing where no part of the chain has any.
  public Optional<AwsCredentials> resolve() {
    try {
      return Optional.of(chain.resolveCredentials());
    } catch (SdkException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    chain.close();
  }

  private static Optional<AwsCredentialsProvider> environment(AwsSettings settings) {
    var id = settings.variable("AWS_ACCESS_KEY_ID");
    var secret = settings.variable("AWS_SECRET_ACCESS_KEY");
    if (id.isEmpty() || secret.isEmpty()) {
      return Optional.empty();
    }
    var credentials =
        settings
            .variable("AWS_SESSION_TOKEN")
            .<AwsCredentials>map(
                token -> AwsSessionCredentials.create(id.get(), secret.get(), token))
            .orElseGet(() -> AwsBasicCredentials.create(id.get(), secret.get()));
    return Optional.of(StaticCredentialsProvider.create(credentials));
  }

  private static Optional<AwsCredentialsProvider> webIdentity(AwsSettings settings) {
    var file = settings.file("AWS_WEB_IDENTITY_TOKEN_FILE");
    var role = settings.variable("AWS_ROLE_ARN");
    if (file.isEmpty() || role.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        WebIdentityTokenFileCredentialsProvider.builder()
            .webIdentityTokenFile(file.get())
            .roleArn(role.get())
            .roleSessionName(settings.variable("AWS_ROLE_SESSION_NAME").orElse("sallyport-agent"))
            .build());
  }

  /// Reads the files again when they change, as the SDK's own chain does.
  private static AwsCredentialsProvider profile(AwsSettings settings) {
    var builder = ProfileCredentialsProvider.builder();
    settings.variable("AWS_PROFILE").ifPresent(builder::profileName);
    var config = settings.file("AWS_CONFIG_FILE");
    var shared = settings.file("AWS_SHARED_CREDENTIALS_FILE");
    if (config.isEmpty() && shared.isEmpty()) {
      return builder.build();
    }
    var suppliers = new ArrayList<ProfileFileSupplier>();
    shared.ifPresent(path -> reload(path, ProfileFile.Type.CREDENTIALS, suppliers));
    config.ifPresent(path -> reload(path, ProfileFile.Type.CONFIGURATION, suppliers));
    if (!suppliers.isEmpty()) {
      builder.profileFile(
          ProfileFileSupplier.aggregate(suppliers.toArray(ProfileFileSupplier[]::new)));
    } else {
      builder.profileFile(ProfileFile.aggregator().build());
    }
    return builder.build();
  }

  private static void reload(
      Path path, ProfileFile.Type type, List<ProfileFileSupplier> suppliers) {
    if (Files.isReadable(path)) {
      suppliers.add(ProfileFileSupplier.reloadWhenModified(path, type));
    }
  }
}
