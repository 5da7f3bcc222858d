package dev.sallyport.aws;

import java.util.Optional;
import java.util.Properties;

/// `aws.accessKeyId` and its fellows, of the Java that this runs on.
record SystemPropertySource(Properties properties) implements CredentialSource {
  private static final String ID = "aws.accessKeyId";
  private static final String SECRET = "aws.secretAccessKey";
  private static final String TOKEN = "aws.sessionToken";

  @Override
  public String name() {
    return "system properties";
  }

  @Override
  public Own fetch() throws SourceFailure {
    return CredentialText.pair(ID, SECRET, TOKEN, this::property);
  }

  private Optional<String> property(String name) {
    return Optional.ofNullable(properties.getProperty(name))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  /// They may be changed at any time, and cost nothing to read.
  @Override
  public Object stamp() {
    return property(ID).orElse("") + property(TOKEN).orElse("");
  }

  /// Without what the properties hold.
  @Override
  public String toString() {
    return name();
  }
}
