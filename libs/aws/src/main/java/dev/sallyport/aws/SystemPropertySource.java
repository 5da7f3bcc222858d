package dev.sallyport.aws;

import java.util.Optional;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/// `aws.accessKeyId` and its fellows, of the Java that this runs on.
final class SystemPropertySource implements CredentialSource {
  private final SystemPropertyCredentialsProvider sdk = SystemPropertyCredentialsProvider.create();

  @Override
  public String name() {
    return "system properties";
  }

  @Override
  public Own fetch() throws SourceFailure {
    try {
      return new Own(sdk.resolveCredentials(), Optional.empty());
    } catch (SdkClientException e) {
      throw SourceFailure.notSetUp("aws.accessKeyId and aws.secretAccessKey are not both set");
    }
  }

  /// They may be changed at any time, and cost nothing to read.
  @Override
  public Object stamp() {
    return System.getProperty("aws.accessKeyId", "") + System.getProperty("aws.sessionToken", "");
  }
}
