package dev.sallyport.model;

/// The database user that was asked for is no IAM role of the database's account. The message may
/// be shown to the user.
public final class InvalidRoleArn extends Exception {
  private static final long serialVersionUID = 1;

  InvalidRoleArn(String message) {
    super(message);
  }
}
