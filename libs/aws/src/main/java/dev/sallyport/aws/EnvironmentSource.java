package dev.sallyport.aws;

import java.util.Optional;

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
record EnvironmentSource(AwsSettings settings) implements CredentialSource {
  private static final String ID = "AWS_ACCESS_KEY_ID";
  private static final String SECRET = "AWS_SECRET_ACCESS_KEY";

  @Override
  public String name() {
    return "environment";
  }

  @Override
  public Own fetch() throws SourceFailure {
    var id = settings.variable(ID);
    var secret = settings.variable(SECRET);
    if (id.isEmpty() && secret.isEmpty()) {
      throw SourceFailure.notSetUp(ID + " is not set");
    }
    if (id.isEmpty() || secret.isEmpty()) {
      throw SourceFailure.broken(
          id.isEmpty()
              ? SECRET + " is set and " + ID + " is not"
              : ID + " is set and " + SECRET + " is not");
    }
    return new Own(
        CredentialText.keys(id.get(), secret.get(), settings.variable("AWS_SESSION_TOKEN")),
        Optional.empty());
  }
}
