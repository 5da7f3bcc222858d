package dev.sallyport.model;

/// A thing that the cluster keeps and that has a document form.
public sealed interface Resource
    permits Role,
        User,
        ProvisionToken,
        Database,
        DatabaseServer,
        CertAuthority,
        AuthPreference,
        AuthConnector,
        Lock {
  Metadata metadata();

  Kind kind();

  Resource withMetadata(Metadata metadata);

  /// The name under which it is kept; unique within its kind.
  default String resourceName() {
    return metadata().name();
  }
}
