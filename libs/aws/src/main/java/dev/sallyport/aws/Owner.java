package dev.sallyport.aws;

/// Whose credentials they are.
///
/// @param service how messages call it, such as "Auth Service"
/// @param session how its sessions of roles are called at AWS, unless an operator says otherwise
public record Owner(String service, String session) {
  /// What an operator reads who set nothing up.
  public String howToSet() {
    return "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, for the "
        + service
        + ", or run it where a container or an instance role gives it credentials";
  }
}
