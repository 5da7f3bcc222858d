package dev.sallyport.aws;

import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.profiles.ProfileFile;

/// The role of an EC2 instance, from its metadata service: version 2 alone, with a session token,
/// unless `AWS_EC2_METADATA_V1_DISABLED` is `false`. The SDK keeps the credentials, and goes on
/// with them when the service is away.
final class InstanceSource implements CredentialSource {
  private static final String V1_OFF = "AWS_EC2_METADATA_V1_DISABLED";

  private final AwsSettings settings;
  private final InstantSource clock;
  private final String address;
  private @Nullable InstanceProfileCredentialsProvider sdk;
  private boolean gaveSome;

  InstanceSource(AwsSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.address = settings.metadataService();
  }

  @Override
  public String name() {
    return "instance";
  }

  @Override
  public Own fetch() throws SourceFailure {
    if (settings.isOn(AwsSettings.METADATA_OFF)) {
      throw SourceFailure.notSetUp(AwsSettings.METADATA_OFF + " is true");
    }
    try {
      var given = provider().resolveCredentials();
      gaveSome = true;
      // Asked again each time: the SDK knows how long they are good.
      return new Own(given, Optional.of(clock.instant()));
    } catch (SdkException e) {
      throw failure(e);
    }
  }

  private InstanceProfileCredentialsProvider provider() {
    if (sdk == null) {
      var disabled =
          "false".equalsIgnoreCase(settings.variable(V1_OFF).orElse("")) ? "false" : "true";
      sdk =
          InstanceProfileCredentialsProvider.builder()
              .endpoint(address)
              .profileFile(file(disabled))
              .profileName("default")
              .build();
    }
    return sdk;
  }

  /// The SDK takes such a setting from files alone.
  private static ProfileFile file(String disabled) {
    return ProfileFile.builder()
        .content("[default]\nec2_metadata_v1_disabled = " + disabled + "\n")
        .type(ProfileFile.Type.CONFIGURATION)
        .build();
  }

  private SourceFailure failure(SdkException e) {
    var said = StsCalls.causes(e);
    var reason = "the instance metadata service at " + address + " ";
    if (StsCalls.isUnreachable(e)) {
      var silent = reason + "does not answer (version 2; a container may need a hop limit of 2)";
      return (gaveSome ? SourceFailure.passing(silent) : SourceFailure.notSetUp(silent))
          .withDetail(said);
    }
    return SourceFailure.broken(
            reason + "gives no credentials (version 2): is there a role for the instance?")
        .withDetail(said);
  }

  @Override
  public void close() {
    if (sdk != null) {
      sdk.close();
    }
  }
}
