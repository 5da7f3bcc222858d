package dev.sallyport.aws;

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
record EnvironmentSource(AwsSettings settings) implements CredentialSource {
  @Override
  public String name() {
    return "environment";
  }

  @Override
  public Own fetch() throws SourceFailure {
    return CredentialText.pair(
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", settings::variable);
  }
}
